import MockUpstream
import ORKTestSupport
import Testing

@Suite("Who is let in") struct OpenModeTests {
    @Test("in open mode any credential and none will do; in required mode neither", .proves("PX-21", "PX-22"))
    func openMode() async throws {
        var options = DaemonOptions()
        options.auth = "open"
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller(key: "dummy-key").chat().status == 200)
            #expect(try await daemon.caller(key: nil).chat(stream: true).status == 200)
            #expect(daemon.relayed.allSatisfy { $0.key == daemon.secret("a") })
            let status = try await daemon.orkctl("status", "-o", "json")
            #expect(status.json?["item"]?["auth"]?.text == "open")
        }
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let reply = try await daemon.caller(key: "dummy-key").chat()
            #expect(reply.status == 401)
        }
    }

    @Test("open mode is refused where other machines can connect", .proves("PX-22"))
    func openOnAnyAddress() async throws {
        var options = DaemonOptions()
        options.auth = "open"
        options.set("proxy", "listen = \"0.0.0.0:0\"")
        try await withDaemon(options, start: false) { (daemon: DaemonFixture) async throws in
            let ran = try await daemon.startExpectingExit()
            #expect(ran.status == 78)
            #expect(ran.stderr.contains("open"))
        }
    }

    @Test("a credential is taken from any of three headers", .proves("CK-07", "CK-08"))
    func headers() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let nobody = daemon.caller(key: nil)
            let secret = daemon.clientSecret
            func status(_ headers: [(String, String)]) async throws -> Int {
                try await nobody.get("/v1/models", headers: headers).status
            }
            let dedicated = try await status([("X-Client-API-Key", secret)])
            #expect(dedicated == 200)
            #expect(try await status([("Authorization", "Bearer \(secret)")]) == 200)
            #expect(try await status([("x-api-key", secret)]) == 200)
            #expect(try await status([("Authorization", "Bearer \(secret)"), ("x-api-key", secret)]) == 200)
            #expect(
                try await status([("X-Client-API-Key", secret), ("Authorization", "Bearer dummy")]) == 200)
            #expect(
                try await status([
                    ("X-Client-API-Key", "gw_live_wrong"), ("Authorization", "Bearer \(secret)"),
                ]) == 401)
            #expect(try await status([("Authorization", "Bearer \(secret)"), ("x-api-key", "other")]) == 400)
            #expect(try await status([]) == 401)
        }
    }

    @Test("every unknown key gets the same 401", .proves("CK-07"))
    func constantRefusal() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var bodies: Set<String> = []
            let wrong = [
                "not-a-key", "gw_live_" + String(repeating: "a", count: 43),
                String(daemon.clientSecret.dropLast()) + "~",
            ]
            for key in wrong {
                let reply = try await daemon.caller(key: key).chat()
                #expect(reply.status == 401)
                #expect(reply.errorCode == "client-unknown")
                #expect(!reply.text.contains(key))
                let id = reply.value("ork-request") ?? ""
                bodies.insert(reply.text.replacing(id, with: "ID"))
            }
            #expect(bodies.count == 1)
            #expect(daemon.mock.requests.isEmpty)
            let missing = try await daemon.caller(key: nil).chat()
            #expect(missing.errorCode == "credential-missing")
        }
    }

    @Test("a credential in the query is refused and not logged")
    func queryCredential() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let reply = try await daemon.caller(key: nil).get("/v1/models?api_key=\(daemon.clientSecret)")
            #expect(reply.status == 400)
            #expect(reply.errorCode == "credential-in-query")
        }
    }
}
