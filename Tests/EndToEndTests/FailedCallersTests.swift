import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What becomes of callers without a valid key.
@Suite("Callers that are not let in") struct FailedCallersTests {
    private static let management = "manage-" + Canary.hexadecimal(32)

    private func options(_ bound: Int = 5) -> DaemonOptions {
        var options = DaemonOptions()
        options.set("proxy", "auth_failures = \(bound)")
        options.set("proxy", "trusted_proxies = [\"127.0.0.1\"]")
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        return options
    }

    private func get(
        _ target: String, _ key: String?, from address: String, _ daemon: DaemonFixture
    ) async throws -> Reply {
        try await daemon.caller(key: key).get(target, headers: [("X-Forwarded-For", address)])
    }

    @Test(
        "the sixth wrong key of an address in a minute waits; good ones there, and others elsewhere, do not",
        .proves("RL-11"))
    func limited() async throws {
        try await withDaemon(options()) { (daemon: DaemonFixture) async throws in
            daemon.watch(Canary(name: "the management key", secret: Self.management))
            // Wrong keys of clients and wrong management keys are counted together.
            for guess in 0..<5 {
                let target = guess < 3 ? "/v1/models" : "/admin/balance"
                let refused = try await get(target, "guess-\(guess)", from: "192.0.2.1", daemon)
                #expect(refused.status == 401 && refused.errorCode == "client-unknown", "\(refused.text)")
            }
            for target in ["/v1/models", "/admin/balance", "/user/balance"] {
                let slowed = try await get(target, "guess-more", from: "192.0.2.1", daemon)
                #expect(slowed.status == 429 && slowed.errorCode == "too-many-failures", "\(slowed.text)")
                let wait = try #require(slowed.value("retry-after").flatMap { Int($0) })
                #expect((1...60).contains(wait))
                #expect(slowed.value("connection") == "close" && slowed.value("x-should-retry") == "false")
            }
            // Many share an address: whoever has a good key is served.
            let good = try await get("/v1/models", daemon.clientSecret, from: "192.0.2.1", daemon)
            #expect(good.status == 200)
            let manager = try await get("/admin/balance", Self.management, from: "192.0.2.1", daemon)
            #expect(manager.status == 200)
            #expect(try await get("/v1/models", "guess", from: "192.0.2.2", daemon).status == 401)
            // What one customer is given of IPv6 is one address.
            for host in 1...5 {
                let refused = try await get("/v1/models", nil, from: "2001:db8:1:2::\(host)", daemon)
                #expect(refused.status == 401)
            }
            #expect(try await get("/v1/models", nil, from: "2001:db8:1:2::6", daemon).status == 429)
            #expect(try await get("/v1/models", nil, from: "2001:db8:1:3::6", daemon).status == 401)

            // One row for all of them, and nothing of what was guessed.
            #expect(try await daemon.terminate() == 0)
            try await daemon.start()
            let rows = try await daemon.orkctl("audit", "--action", "callers.refused", "-o", "json").items
            #expect(rows.count == 1)
            let row = try #require(rows.first)
            #expect(row["target"]?.text == "4 addresses" && row["actor"]?.text == "orkd", "\(row.encoded)")
            let change = row["change"]?.text ?? ""
            for part in [
                "attempts 16", "192.0.2.1 client-unknown=4", "192.0.2.1 client-unknown /admin=3",
                "192.0.2.1 client-unknown /user=1", "192.0.2.2 client-unknown=1",
                "2001:db8:1:2::/64 credential-missing=6", "2001:db8:1:3::/64 credential-missing=1",
            ] {
                #expect(change.contains(part), "\(part): \(change)")
            }
            #expect(!row.encoded.contains("guess") && !daemon.log.contains("guess-"))
        }
    }

    @Test("where it is switched off every wrong key is told so, and counted all the same", .proves("RL-11"))
    func unlimited() async throws {
        try await withDaemon(options(0)) { (daemon: DaemonFixture) async throws in
            for guess in 0..<70 {
                let reply = try await get("/v1/models", "guess-\(guess)", from: "192.0.2.1", daemon)
                #expect(reply.status == 401, "\(guess)")
            }
            #expect(try await daemon.terminate() == 0)
            try await daemon.start()
            let rows = try await daemon.orkctl("audit", "--action", "callers.refused", "-o", "json").items
            #expect(rows.first?["change"]?.text?.contains("192.0.2.1 client-unknown=70") == true)
        }
    }
}
