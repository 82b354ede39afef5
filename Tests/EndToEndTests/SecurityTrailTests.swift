import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What the audit trail tells of attempts, visits and doors, besides changes.
@Suite("Security in the audit trail") struct SecurityTrailTests {
    private static let management = "manage-" + Canary.hexadecimal(32)

    /// Rows of one action, the newest first, as `actor target: change`.
    private func rows(_ action: String, _ daemon: DaemonFixture) async throws -> [String] {
        let ran = try await daemon.orkctl("audit", "--action", action, "--limit", "none", "-o", "json")
        #expect(ran.status == 0, "\(action): \(ran.stderr)")
        return ran.items.map { row in
            let cells = ["actor", "target", "change"].map { row[$0]?.text ?? "" }
            return "\(cells[0]) \(cells[1]): \(cells[2])"
        }
    }

    @Test(
        "callers and users who were refused, administrators who came, changes of keys and rights, starts",
        .proves("EN-06"))
    func events() async throws {
        var options = DaemonOptions()
        options.set("proxy", "metrics = \"open\"")
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.watch(Canary(name: "the management key", secret: Self.management))
            let me = "uid \(getuid())"
            let web = daemon.caller(key: try await daemon.addClient("web"))
            let set = try await daemon.orkctl("clients", "set", "web", "--allow-ip", "10.0.0.0/8")
            #expect(set.status == 0, "\(set.stderr)")
            let narrow = daemon.caller(key: try await daemon.addClient("narrow"))
            let models = try await daemon.orkctl("clients", "set", "narrow", "--allow-model", "openai/*")
            #expect(models.status == 0, "\(models.stderr)")
            #expect(try await daemon.orkctl("keys", "disable", "a", "--reason", "leaked").status == 0)

            // No valid key; a good one from elsewhere; for what it may not do; in the open.
            for guess in 0..<3 {
                let reply = try await daemon.caller(key: "guess-\(guess)").get("/v1/models")
                #expect(reply.status == 401)
            }
            #expect(try await daemon.caller(key: "guess-3").get("/admin/balance").status == 401)
            #expect(try await web.get("/v1/models").errorCode == "address-not-permitted")
            #expect(try await narrow.complete(model: "other/model").errorCode == "model-not-permitted")
            #expect(try await daemon.caller.get("/v1/credits").errorCode == "path-not-permitted")
            #expect(try await daemon.caller.get("/admin/balance").errorCode == "path-not-permitted")
            let inQuery = try await daemon.caller(key: nil).get("/v1/models?api_key=guess-4")
            #expect(inQuery.errorCode == "credential-in-query")
            // Nobody logs in over HTTP: who begins to administer is told instead.
            for _ in 0..<3 {
                let reply = try await daemon.caller(key: Self.management).get("/admin/cache-status")
                #expect(reply.status == 200)
            }
            // A web page at the control socket.
            for origin in ["null", "https://evil.example"] {
                let page = try await daemon.control(
                    "GET", "/v1/keys", headers: [("Host", "orkd"), ("Origin", origin)])
                #expect(page.status == 403)
            }
            let socket = try await rows("control.refused", daemon)
            #expect(socket == ["\(me) control socket: reason forbidden, times 2"])
            try await daemon.restart()

            let refused = try await rows("callers.refused", daemon)
            #expect(refused.count == 1)
            for part in [
                "orkd 1 address: attempts 9", "127.0.0.1 client-unknown=3",
                "127.0.0.1 client-unknown /admin=1",
                "127.0.0.1 address-not-permitted=1", "127.0.0.1 model-not-permitted=1",
                "127.0.0.1 path-not-permitted=1",
                "127.0.0.1 path-not-permitted /admin=1", "127.0.0.1 credential-in-query=1",
            ] {
                #expect(refused.first?.contains(part) == true, "\(part): \(refused)")
            }
            #expect(try await rows("admin.begin", daemon) == ["management key 127.0.0.1: "])
            let starts = try await rows("daemon.start", daemon)
            #expect(starts.count == 2 && starts.allSatisfy { $0.contains("proxy.metrics open") }, "\(starts)")
            #expect(try await rows("clients.set", daemon).last?.contains("addresses") == true)
            #expect(try await rows("keys.disable", daemon).first?.contains("leaked") == true)
            // By the same questions as every other row.
            let own = try await daemon.orkctl(
                "audit", "--actor", "management key", "--since", "-1h", "--target", "127.*", "-o", "json")
            #expect(own.items.compactMap { $0["action"]?.text } == ["admin.begin"])
        }
    }
}
