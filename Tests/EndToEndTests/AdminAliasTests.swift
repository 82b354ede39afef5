import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// The routes of administration that come from other gateways.
@Suite("Routes of other gateways' administrators") struct AdminAliasTests {
    private static let management = "manage-" + Canary.hexadecimal(32)
    private static let keys = "/admin/api/openrouter-keys"
    private static let clients = "/admin/api/client-keys"

    private func run(_ body: (DaemonFixture, Caller) async throws -> Void) async throws {
        var options = DaemonOptions()
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.watch(Canary(name: "the management key", secret: Self.management))
            try await body(daemon, daemon.caller(key: Self.management))
        }
    }

    private func names(_ json: JSON) -> [String] {
        guard case .object(let members) = json else { return [] }
        return members.map(\.name)
    }

    private func list(_ admin: Caller) async throws -> [JSON] {
        try #require(try await admin.get(Self.keys).json?["keys"]?.elements)
    }

    @Test("pool keys are added, listed and deleted as S0 and S4 do it")
    func poolKeys() async throws {
        try await run { daemon, admin in
            let secret = daemon.newSecret("s0")
            let added = try await admin.post(Self.keys, ["api_key": .string(secret), "name": "from-s0"])
            #expect(added.status == 200, "\(added.text)")
            let hash = try #require(added.json?["key_hash"]?.text)
            #expect(hash.wholeMatch(of: /[0-9a-f]{12}/) != nil)
            let row = try #require(try await list(admin).first { $0["key_hash"]?.text == hash })
            #expect(
                names(row) == [
                    "key_hash", "name", "api_key", "added_at", "is_active", "is_healthy", "state",
                    "failure_count", "usage_count", "last_used", "last_error", "rate_limit_reset",
                ])
            #expect(row["name"]?.text == "from-s0" && row["is_active"]?.isTrue == true)
            #expect(row["api_key"]?.text?.hasPrefix("sk-or-v1-…") == true)
            // One that is in is refused by S0's route, and fine by S4's.
            #expect(try await admin.post(Self.keys, ["api_key": .string(secret)]).status == 400)
            #expect(try await admin.post("/admin/keys", ["key": .string(secret)]).status == 200)
            // One that is out comes back.
            #expect(try await daemon.orkctl("keys", "disable", "from-s0").status == 0)
            let back = try await admin.post(Self.keys, ["api_key": .string(secret)])
            #expect(back.json?["message"]?.text == "the key is reactivated")
            #expect(try await list(admin).count == 2)
            for pattern in ["*", "from-*", "?", "unknown", "..", "%2A"] {
                let refused = try await admin.send("DELETE", "\(Self.keys)/\(pattern)")
                #expect((400..<500).contains(refused.status), "\(pattern)")
            }
            #expect(try await list(admin).count == 2)
            #expect(try await admin.send("DELETE", "\(Self.keys)/\(hash)").status == 200)
            #expect(try await admin.send("DELETE", "\(Self.keys)/\(hash)").errorCode == "key-not-found")
            #expect(try await list(admin).map { $0["name"]?.text } == ["a"])
        }
    }

    @Test("a file of keys is imported as it is and from a form, and the report counts what was stored")
    func bulk() async throws {
        try await run { daemon, admin in
            let secrets = (0..<4).map { daemon.newSecret("bulk-\($0)") }
            let form =
                "--x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"keys.txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\n# ours\n\n\(secrets[0])\r\n\(secrets[1])\nshort\n\r\n--x1--\r\n"
            let path = Self.keys + "/bulk-import"
            let report = try await admin.send(
                "POST", path, headers: [("Content-Type", "multipart/form-data; boundary=x1")],
                body: Array(form.utf8)
            ).json
            #expect(report?["total_keys"]?.integer == 3 && report?["successful_imports"]?.integer == 2)
            #expect(
                report?["failed_imports"]?.integer == 1 && report?["imported_hashes"]?.elements?.count == 2)
            #expect(report?["errors"]?[0]?.text?.hasPrefix("line 5: ") == true)
            let plain = try await admin.send(
                "POST", path, headers: [("Content-Type", "text/plain")],
                body: Array(secrets[1...].joined(separator: "\n").utf8)
            ).json
            #expect(plain?["successful_imports"]?.integer == 2 && plain?["duplicates"]?.integer == 1)
            #expect(try await list(admin).count == 5)
            let broken = try await admin.send(
                "POST", path, headers: [("Content-Type", "multipart/form-data; boundary=x2")],
                body: Array(form.utf8))
            #expect(broken.status == 400 && broken.errorCode == "bad-body")
        }
    }

    @Test("client keys are made, listed by user, switched and deleted as S0 does it", .proves("CK-12"))
    func clientKeys() async throws {
        try await run { daemon, admin in
            #expect(try await daemon.orkctl("users", "create", "alice").status == 0)
            #expect(try await daemon.orkctl("credits", "add", "alice", "1M").status == 0)
            let silent = Caller(admin.endpoint, key: admin.key)
            let made = try await silent.post(
                Self.clients,
                [
                    "user_id": "alice", "name": "s0", "rate_limit": 2,
                    "permissions": ["chat.completions", "models.list"],
                ])
            let secret = try #require(made.json?["api_key"]?.text)
            daemon.watch(Canary(name: "client s0", secret: secret), issuedHere: true)
            let (hash, caller) = (try #require(made.json?["key_hash"]?.text), daemon.caller(key: secret))
            let path = "\(Self.clients)/\(hash)"
            #expect(try await admin.send("PATCH", path + "/deactivate").json?["is_active"]?.isTrue == false)
            #expect(try await caller.chat().errorCode == "client-disabled")
            #expect(try await admin.send("PATCH", path + "/reactivate").json?["is_active"]?.isTrue == true)
            #expect(try await caller.complete().status == 403)
            for _ in 0..<2 { #expect(try await caller.chat().status == 200) }
            let third = try await caller.chat()
            #expect(third.status == 429)
            #expect(third.errorMessage?.contains("limit of 2 requests per hour") == true)
            let mine = try await admin.get(Self.clients + "?user_id=alice").json
            #expect(mine?["total"]?.integer == 1)
            let row = mine?["keys"]?[0]
            #expect(row?["rate_limit"]?.integer == 2 && row?["usage_count"]?.integer == 2)
            #expect(row?["user_id"]?.text == "alice" && row?["api_key"]?.text?.hasPrefix("gw_live_…") == true)
            #expect(try await admin.get(Self.clients).json?["total"]?.integer == 2)
            for (bad, status) in [
                (["user_id": "nobody"] as JSON, 404), (["permissions": ["everything"]], 400),
                (["rate_limit": 0], 400),
            ] {
                #expect(try await admin.post(Self.clients, bad).status == status, "\(bad.encoded)")
            }
            #expect(try await admin.send("DELETE", path).status == 200)
            #expect(try await caller.chat().status == 401)
            #expect(try await admin.send("PATCH", path + "/reactivate").errorCode == "client-not-found")
        }
    }

    @Test(
        "the dashboard's numbers move with traffic, and the status tells of every part",
        .proves("MN-05", "MN-06"))
    func system() async throws {
        try await run { daemon, admin in
            let before = try #require(try await admin.get("/admin/api/dashboard-data").json)
            #expect(before["total_client_keys"]?.integer == 1 && before["requests_today"]?.integer == 0)
            #expect(before["healthy_openrouter_keys"]?.integer == 1)
            for _ in 0..<2 { #expect(try await daemon.caller.chat().status == 200) }
            #expect(try await daemon.orkctl("keys", "disable", "a").status == 0)
            let after = try #require(try await admin.get("/admin/api/dashboard-data").json)
            #expect(after["requests_today"]?.integer == 2 && after["successful_requests_today"]?.integer == 2)
            #expect(after["failed_requests_today"]?.integer == 0)
            #expect(after["total_openrouter_keys"]?.integer == 1)
            #expect(after["healthy_openrouter_keys"]?.integer == 0)
            #expect(after["uptime_seconds"]?.integer != nil && after["timestamp"]?.text != nil)
            let status = try #require(try await admin.get("/admin/api/system-status").json)
            #expect(status["keys"]?["pool"]?["disabled"]?.integer == 1)
            #expect(status["keys"]?["client"]?["total"]?.integer == 1)
            #expect(status["circuit_breakers"]?["open"]?.integer == 0)
            #expect(status["rotation_strategy"]?.text == "sticky")
            #expect(status["conditions"]?.elements != nil)
            let cleaned = try await admin.post("/admin/api/system/cleanup", [:])
            #expect(cleaned.status == 200 && cleaned.json?["cleaned"]?["expired-rests"]?.integer != nil)
        }
    }
}
