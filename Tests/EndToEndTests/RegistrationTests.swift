import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Users that make themselves, and what an administrator sees of all.
@Suite("Registration") struct RegistrationTests {
    private static let management = "manage-" + Canary.hexadecimal(32)

    private func options(credits: Int = 1000) -> DaemonOptions {
        var options = DaemonOptions()
        options.set("registration", "enabled = true")
        options.set("registration", "credits = \(credits)")
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        return options
    }

    private func register(_ body: JSON, _ daemon: DaemonFixture) async throws -> Reply {
        let reply = try await Caller(.loopback(daemon.port), key: nil).post("/auth/register", body)
        if let secret = reply.json?["api_key"]?.text {
            let name = reply.json?["username"]?.text ?? ""
            daemon.watch(Canary(name: "client of \(name)", secret: secret), issuedHere: true)
        }
        return reply
    }

    private func names(_ json: JSON) -> [String] {
        guard case .object(let members) = json else { return [] }
        return members.map(\.name)
    }

    @Test(
        "whoever registers gets one primary key that works, and the operator's credits whatever it asks for",
        .proves("US-01", "US-02", "CK-20"))
    func registered() async throws {
        try await withDaemon(options(credits: 900_000)) { (daemon: DaemonFixture) async throws in
            let reply = try await register(
                [
                    "username": "carol", "email": "carol@example.com", "auth_method": "wallet",
                    "environment_tag": "test", "key_name": "Laptop", "initial_credits": 5_000_000,
                ], daemon)
            let body = try #require(reply.json)
            #expect(
                names(body) == [
                    "user_id", "username", "email", "api_key", "credits", "environment_tag",
                    "scope_permissions", "auth_method", "subscription_status", "message", "timestamp",
                ])
            #expect(reply.status == 200 && body["user_id"]?.integer == 1)
            #expect(body["credits"]?.integer == 900_000 && body["environment_tag"]?.text == "test")
            #expect(body["auth_method"]?.text == "wallet" && body["subscription_status"]?.text == "trial")
            #expect(body["scope_permissions"]?["admin"]?.encoded == "[]")
            let key = try #require(body["api_key"]?.text)
            #expect(key.hasPrefix("gw_test_"))
            let carol = daemon.caller(key: key)
            #expect(try await carol.chat().status == 200)
            let keys = try #require(try await carol.get("/user/api-keys").json?["keys"]?.elements)
            #expect(keys.count == 1 && keys[0]["is_primary"]?.isTrue == true)
            #expect(keys[0]["key_name"]?.text == "Laptop")
            // The ledger knows what the credits are for.
            let moves = try await daemon.orkctl("credits", "history", "carol", "-o", "json").items
            #expect(moves.map { $0["reason"]?.text } == ["start"])
            let plain = try await register(["username": "dan", "email": "dan@example.com"], daemon)
            #expect(plain.json?["auth_method"]?.text == "email")
            for (bad, status) in [
                (["username": "carol", "email": "x@example.com"] as JSON, 400),
                (["username": "eve", "email": "nobody"], 422), (["username": "eve"], 400),
                (["username": "12", "email": "x@example.com"], 400),
                (["username": "eve", "email": "x@example.com", "environment_tag": "prod"], 400),
                (["username": "eve", "email": "x@example.com", "auth_method": "guess"], 400),
            ] {
                let refused = try await register(bad, daemon)
                #expect(refused.status == status, "\(bad.encoded): \(refused.text)")
            }
            #expect(try await daemon.orkctl("users", "list", "-o", "name").stdout == "carol\ndan\n")
        }
    }

    @Test("an address that registers again and again waits")
    func rate() async throws {
        try await withDaemon(options()) { (daemon: DaemonFixture) async throws in
            for number in 0..<10 {
                let reply = try await register(
                    ["username": .string("user-\(number)"), "email": "x@example.com"], daemon)
                #expect(reply.status == 200)
            }
            let refused = try await register(["username": "one-more", "email": "x@example.com"], daemon)
            #expect(refused.status == 429 && refused.value("retry-after") != nil)
        }
    }

    @Test("nobody registers where nobody said so")
    func off() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let refused = try await register(["username": "eve", "email": "x@example.com"], daemon)
            #expect(refused.status == 403 && refused.errorCode == "path-not-permitted")
            #expect(try await daemon.orkctl("users", "list", "-o", "name").stdout == "")
        }
    }

    @Test(
        "an administrator sees the whole: users, today's sums, who uses most, what came last",
        .proves("MN-04", "US-07"))
    func whole() async throws {
        try await withDaemon(options(credits: 500_000)) { (daemon: DaemonFixture) async throws in
            daemon.watch(Canary(name: "the management key", secret: Self.management))
            var callers: [Caller] = []
            for name in ["carol", "dan", "eve"] {
                let reply = try await register(
                    ["username": .string(name), "email": "x@example.com"], daemon)
                callers.append(daemon.caller(key: try #require(reply.json?["api_key"]?.text)))
            }
            // 30 tokens of carol's, 100 of dan's.
            for (caller, prompt, completion) in [(0, 10, 5), (0, 10, 5), (1, 60, 40)] {
                daemon.mock.script(.everything, .ok(usage: (prompt, completion)))
                #expect(try await callers[caller].chat().status == 200)
            }
            let reply = try await daemon.caller(key: Self.management).get("/admin/monitor")
            let data = try #require(reply.json?["data"])
            #expect(
                names(data) == [
                    "total_users", "active_users_today", "total_requests_today", "total_tokens_today",
                    "total_cost_today", "system_usage_metrics", "top_users_by_usage", "recent_activity",
                ])
            #expect(data["total_users"]?.integer == 3 && data["active_users_today"]?.integer == 2)
            #expect(data["total_requests_today"]?.integer == 3 && data["total_tokens_today"]?.integer == 130)
            #expect(data["total_cost_today"]?.encoded == "0.0026")
            #expect(data["system_usage_metrics"]?["total_requests"]?.integer == 3)
            #expect(data["system_usage_metrics"]?["average_tokens_per_request"]?.encoded == "43.33")
            let top = try #require(data["top_users_by_usage"]?.elements)
            #expect(top.map { $0["username"]?.text } == ["dan", "carol"])
            #expect(top.map { $0["tokens"]?.integer } == [100, 30])
            #expect(data["recent_activity"]?.elements?.count == 3)
            #expect(data["recent_activity"]?[0]?["tokens"]?.integer == 100)
            let balances = try await daemon.caller(key: Self.management).get("/admin/balance").json
            let users = try #require(balances?["users"]?.elements)
            #expect(users.map { $0["credits"]?.integer } == [499_970, 499_900, 500_000])
        }
    }
}
