import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@testable import orkd

/// Who may use the routes of users and administrators.
@Suite("Access to routes") struct RouteAccessTests {
    private static let management = "manage-" + Canary.hexadecimal(32)

    private func send(_ route: WebRoute, as caller: Caller) async throws -> Reply {
        let path = route.path.replacingOccurrences(of: "{key_id}", with: "1")
            .replacingOccurrences(of: "{hash}", with: "1")
        return try await caller.send(
            route.method, path, body: route.method == "GET" ? nil : Array("{}".utf8))
    }

    @Test(
        "no route is open: without a key, with a wrong one, with one that has not the permission",
        .proves("AD-17", "AD-15", "ER-03", "ER-05", "ER-07", "CK-22", "MG-05"),
        arguments: ["required", "open"], [nil, "gw_live_wrong"])
    func closed(auth: String, stranger: String?) async throws {
        var options = DaemonOptions()
        options.auth = auth
        options.environment["APIKEYROUTER_MANAGEMENT_API_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.watch(Canary(name: "the management key", secret: Self.management))
            #expect(try await daemon.orkctl("users", "create", "alice").status == 0)
            func client(_ name: String, _ permissions: JSON, user: Bool = true) async throws -> Caller {
                let members: [JSON.Member] =
                    [.init("permissions", permissions)] + (user ? [.init("user", "alice")] : [])
                return daemon.caller(key: try await daemon.addClient(name, with: members))
            }
            let nobody = daemon.caller(key: stranger)
            let reader = try await client("reader", ["read"])
            let runner = try await client("runner", ["inference"])
            let houses = try await client("houses", ["user", "inference"], user: false)
            let manager = daemon.caller(key: Self.management)
            for route in WebRoute.allCases where !route.isOpen {
                let isUsers = route.path.hasPrefix("/user/")
                let missing = try await send(route, as: nobody)
                let isMissing = stranger == nil
                #expect(missing.status == (isUsers && isMissing ? 422 : 401), "\(route): \(missing.text)")
                #expect(
                    missing.errorCode == (isMissing ? "credential-missing" : "client-unknown"), "\(route)")
                #expect(missing.json?["detail"]?.text != nil, "\(route)")
                #expect(missing.value("content-security-policy") != nil, "\(route)")
                let running = try await send(route, as: runner)
                #expect(running.status == 403 && running.errorCode == "path-not-permitted", "\(route)")
                let reading = try await send(route, as: reader)
                let mayRead = isUsers && route.method == "GET"
                #expect(reading.status == (mayRead ? 200 : 403), "\(route): \(reading.text)")
                if isUsers {
                    for caller in [houses, manager] {
                        let nobodys = try await send(route, as: caller)
                        #expect(nobodys.status == 404 && nobodys.errorCode == "user-not-found", "\(route)")
                    }
                } else if route.method == "GET" {
                    #expect(try await send(route, as: manager).status == 200, "\(route)")
                }
            }
            // Whatever lies below these paths, and is not there.
            for path in ["/admin", "/admin/", "/admin/x", "/admin/api/x", "/user", "/user/x"] {
                let refused = try await nobody.get(path)
                #expect([401, 422].contains(refused.status), "\(path)")
                let lost = try await manager.get(path)
                #expect(lost.status == 404 && lost.errorCode == "path-unknown", "\(path)")
            }
            // The other fields that hold a key do as well.
            for name in ["X-API-Key", "X-Client-API-Key"] {
                let reply = try await daemon.caller(key: nil).get(
                    "/admin/balance", headers: [(name, Self.management)])
                #expect(reply.status == 200, "\(name)")
            }
            let query = try await nobody.get("/admin/balance?api_key=\(Self.management.prefix(12))")
            #expect(query.status == 400 && query.errorCode == "credential-in-query")
            // It administers, and runs nothing.
            if auth == "required" { #expect(try await manager.chat().status == 401) }
        }
    }

    @Test("without a management key nobody administers by one")
    func unset() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for key in ["", "none", "manage"] {
                #expect(try await daemon.caller(key: key).get("/admin/balance").status == 401)
            }
        }
    }

    @Test("what is no body, too much of one, or for another method is refused in one shape", .proves("ER-02"))
    func bodies() async throws {
        var options = DaemonOptions()
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let manager = daemon.caller(key: Self.management)
            for (text, status, code) in [
                ("{", 400, "bad-body"), ("[]", 400, "bad-value"),
                ("{\"credits\":1,\"credits\":2}", 400, "bad-value"),
                ("{\"user_id\":1,\"credits\":5,\"secret\":1}", 400, "unknown-field"),
                ("{\"user_id\":1,\"credits\":1e30}", 400, "bad-body"),
                (String(repeating: " ", count: 2 << 20) + "{}", 413, "body-too-large"),
            ] {
                let reply = try await manager.send("POST", "/admin/add_credits", body: Array(text.utf8))
                #expect(
                    reply.status == status && reply.errorCode == code, "\(text.prefix(60)): \(reply.text)")
                #expect(reply.json?["detail"]?.text == reply.errorMessage)
                #expect(reply.value("x-error-type") == "invalid_request_error")
            }
            let method = try await manager.get("/admin/add_credits")
            #expect(method.status == 405 && method.value("allow") == "POST")
            let field = try await manager.get("/admin/balance?limit=1")
            #expect(field.status == 400 && field.errorCode == "unknown-field")
        }
    }

    @Test("the hundred-and-first call of administration in a minute waits", .proves("RL-10"))
    func rate() async throws {
        var options = DaemonOptions()
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let manager = daemon.caller(key: Self.management)
            for _ in 0..<100 { #expect(try await manager.get("/admin/cache-status").status == 200) }
            let refused = try await manager.get("/admin/cache-status")
            #expect(refused.status == 429 && refused.errorCode == "rate-limited")
            let wait = try #require(refused.value("retry-after").flatMap { Int($0) })
            #expect((1...60).contains(wait))
            // Others are not held up.
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("guesses at the management key are slowed down, counted and audited", .proves("AD-20"))
    func guesses() async throws {
        var options = DaemonOptions()
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            var statuses: [Int] = []
            for guess in 0..<62 {
                statuses.append(
                    try await daemon.caller(key: "manage-\(guess)").get("/admin/balance").status)
            }
            #expect(statuses.prefix(60).allSatisfy { $0 == 401 } && statuses.suffix(2) == [429, 429])
            // A good key is not refused because of them.
            #expect(try await daemon.caller(key: Self.management).get("/admin/balance").status == 200)
            try await daemon.terminate()
            try await daemon.start()
            let audit = try await daemon.orkctl("events", "--filter", "kind=audit", "-o", "json").items
            let row = try #require(audit.last { $0["event"]?.text == "callers.refused" })
            #expect(row["text"]?.text?.contains("attempts 62") == true, "\(row.encoded)")
            #expect(!row.encoded.contains("manage-"))
        }
    }
}
