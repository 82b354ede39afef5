import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What users do about their own keys and themselves, over HTTP.
@Suite("Users' own keys") struct OwnKeysTests {
    /// A user, and the caller that its first key makes.
    private func user(
        _ name: String, _ daemon: DaemonFixture, with members: [JSON.Member] = []
    ) async throws -> Caller {
        #expect(try await daemon.orkctl("users", "create", name).status == 0)
        #expect(try await daemon.orkctl("credits", "add", name, "1M").status == 0)
        let secret = try await daemon.addClient(
            "\(name)-key", with: [.init("user", .string(name)), .init("primary", true)] + members)
        return daemon.caller(key: secret)
    }

    /// Whose answers may hold a key that was issued in them.
    private func silent(_ caller: Caller) -> Caller { Caller(caller.endpoint, key: caller.key) }

    /// Makes a further key.
    private func create(
        _ body: JSON, as caller: Caller, _ daemon: DaemonFixture
    ) async throws -> (id: Int64, caller: Caller) {
        let reply = try await silent(caller).post("/user/api-keys", body)
        #expect(reply.status == 200, "\(reply.status)")
        let secret = try #require(reply.json?["api_key"]?.text)
        daemon.watch(Canary(name: "client \(body["key_name"]?.text ?? "")", secret: secret), issuedHere: true)
        return (try #require(reply.json?["key_id"]?.integer), daemon.caller(key: secret))
    }

    private func key(_ id: Int64, as caller: Caller) async throws -> JSON? {
        let keys = try await caller.get("/user/api-keys").json?["keys"]?.elements
        return keys?.first { $0["id"]?.integer == id }
    }

    @Test("a user makes keys, which are shown once and bound as was asked", .proves("CK-14"))
    func create() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let alice = try await user("alice", daemon)
            let bob = try await user("bob", daemon)
            for (tag, prefix) in [
                ("live", "gw_live_"), ("test", "gw_test_"), ("staging", "gw_staging_"),
                ("development", "gw_dev_"),
            ] {
                let body: JSON = ["key_name": .string("My \(tag) key"), "environment_tag": .string(tag)]
                let made = try await create(body, as: alice, daemon)
                #expect(made.caller.key?.hasPrefix(prefix) == true)
                #expect(try await made.caller.chat().status == 200)
                let shown = try await key(made.id, as: alice)
                #expect(shown?["key_name"]?.text == "My \(tag) key")
                #expect(shown?["environment_tag"]?.text == tag && shown?["is_primary"]?.isTrue == false)
                #expect(shown?["api_key"]?.text?.hasPrefix(prefix + "…") == true)
            }
            let bound = try await create(
                [
                    "key_name": "bound", "scope_permissions": ["read": ["*"], "write": ["chat.completions"]],
                    "expiration_days": 7, "max_requests": 1, "ip_allowlist": ["127.0.0.0/8"],
                    "domain_referrers": [], "action": "create",
                ], as: alice, daemon)
            #expect(try await bound.caller.chat().status == 200)
            #expect(try await bound.caller.chat().errorCode == "request-cap-reached")
            #expect(try await bound.caller.complete().status == 403)
            let shown = try await key(bound.id, as: alice)
            #expect(shown?["days_remaining"]?.integer == 6 && shown?["requests_remaining"]?.integer == 0)
            #expect(shown?["ip_allowlist"]?.encoded == #"["127.0.0.0/8"]"#)
            #expect(
                shown?["scope_permissions"]?.encoded
                    == #"{"read":["*"],"write":["chat.completions"],"admin":[]}"#)
            // The same name is another user's to give, and not this one's again.
            _ = try await create(["key_name": "bound"], as: bob, daemon)
            for (body, status) in [
                (["key_name": "bound"] as JSON, 400), (["key_name": ""], 400), ([:], 400),
                (["key_name": "a", "environment_tag": "prod"], 400),
                (["key_name": "a", "expiration_days": 0], 400), (["key_name": "a", "max_requests": -1], 400),
                (["key_name": "a", "ip_allowlist": ["here"]], 400), (["key_name": "a", "action": "x"], 400),
                (["key_name": "a", "scope_permissions": ["write": ["nothing"]]], 400),
                (["key_name": "a", "scope_permissions": ["admin": ["*"]]], 403),
                (["key_name": "a", "scope_permissions": ["write": ["passthrough"]]], 403),
            ] {
                let reply = try await alice.post("/user/api-keys", body)
                #expect(reply.status == status, "\(body.encoded): \(reply.text)")
            }
            // A key that is bound itself makes none that is not.
            let capped = try await create(["key_name": "capped", "max_requests": 5], as: alice, daemon)
            let refused = try await capped.caller.post("/user/api-keys", ["key_name": "free"])
            #expect(refused.errorCode == "path-not-permitted")
            #expect(refused.errorMessage?.contains("an allow list") == true)
        }
    }

    @Test(
        "a change changes the key that was named, of the user that asked, and nothing else", .proves("CK-16"))
    func update() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let alice = try await user("alice", daemon)
            let bob = try await user("bob", daemon)
            let second = try await create(["key_name": "second", "max_requests": 1], as: alice, daemon)
            let path = "/user/api-keys/\(second.id)"
            func put(_ body: JSON, as caller: Caller) async throws -> Reply {
                try await caller.send("PUT", path, body: Array(body.encoded.utf8))
            }
            let first = try #require(
                try await alice.get("/user/api-keys").json?["keys"]?.elements?.first)
            #expect(try await second.caller.chat().status == 200)
            #expect(try await second.caller.chat().status == 429)
            let raised = try await put(["key_name": "renamed", "max_requests": 3], as: alice)
            #expect(raised.json?["status"]?.text == "success" && raised.json?["timestamp"] != nil)
            #expect(raised.json?["updated_key"]?["key_name"]?.text == "renamed")
            #expect(raised.json?["updated_key"]?["requests_remaining"]?.integer == 2)
            #expect(try await second.caller.chat().status == 200)
            #expect(try await put(["is_active": false], as: alice).status == 200)
            #expect(try await second.caller.chat().errorCode == "client-disabled")
            #expect(try await put(["is_active": true], as: alice).status == 200)
            #expect(try await second.caller.chat().status == 200)
            #expect(
                try await alice.get("/user/api-keys").json?["keys"]?.elements?.first?.encoded == first.encoded
            )
            #expect(try await put(["key_name": "mine"], as: bob).errorCode == "client-not-found")
            #expect(try await put(["key_name": "alice-key"], as: alice).status == 400)
            #expect(try await put(["expiration_days": -1], as: alice).status == 400)
            // What an operator switched off stays off.
            let name = try #require(
                try await daemon.orkctl("clients", "list", "--user", "alice", "-o", "json").items
                    .first { $0["id"]?.integer == second.id }?["name"]?.text)
            #expect(try await daemon.orkctl("clients", "disable", name).status == 0)
            #expect(try await put(["is_active": true], as: alice).status == 403)
        }
    }

    @Test("a key is deleted with its word, and only by its user", .proves("CK-17"))
    func delete() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let alice = try await user("alice", daemon)
            let bob = try await user("bob", daemon)
            let second = try await create(["key_name": "second"], as: alice, daemon)
            func delete(_ id: String, _ body: String, as caller: Caller) async throws -> Reply {
                try await caller.send("DELETE", "/user/api-keys/\(id)", body: Array(body.utf8))
            }
            let word = #"{"confirmation":"DELETE_KEY"}"#
            let id = String(second.id)
            #expect(try await delete(id, #"{"confirmation":"yes"}"#, as: alice).status == 400)
            #expect(try await delete(id, "", as: alice).status == 400)
            #expect(try await delete(id, word, as: bob).status == 404)
            for other in ["999", "second", "usage"] {
                let reply = try await delete(other, word, as: alice)
                #expect(reply.status == (other == "usage" ? 405 : 404), "\(reply.text)")
            }
            #expect(try await second.caller.chat().status == 200)
            let gone = try await delete(id, word, as: alice)
            #expect(gone.status == 200 && gone.json?["deleted_key_id"]?.integer == second.id)
            #expect(try await second.caller.chat().status == 401)
            #expect(try await delete(id, word, as: alice).status == 404)
            #expect(try await alice.chat().status == 200)
            let audit = try await daemon.orkctl("events", "--filter", "kind=audit", "-o", "json").items
            let row = try #require(audit.last { $0["event"]?.text == "clients.remove" })
            #expect(row["by"]?.text == "client alice-key")
        }
    }

    @Test("a profile is read and changed, also with a further key", .proves("US-03", "US-04"))
    func profile() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let alice = try await user("alice", daemon)
            let second = try await create(["key_name": "second"], as: alice, daemon).caller
            func put(_ body: String) async throws -> Reply {
                try await second.send("PUT", "/user/profile", body: Array(body.utf8))
            }
            let before = try #require(try await second.get("/user/profile").json)
            for field in [
                "user_id", "api_key", "credits", "username", "email", "auth_method", "subscription_status",
                "trial_expires_at", "is_active", "registration_date", "created_at",
            ] { #expect(before[field] != nil, "\(field)") }
            #expect(before["username"]?.text == "alice" && before["credits"]?.integer == 1_000_000)
            #expect(before["email"]?.isNull == true && before["is_active"]?.isTrue == true)
            let body =
                #"{"email":"alice@example.com","name":"Alice L.","preferences":{"theme":{"size":1.50,"dark":true}}}"#
            #expect(try await put(body).status == 200)
            let after = try #require(try await alice.get("/user/profile").json)
            #expect(after["email"]?.text == "alice@example.com" && after["name"]?.text == "Alice L.")
            #expect(after["preferences"]?.encoded == #"{"theme":{"size":1.50,"dark":true}}"#)
            for bad in [
                "{}", "[]", #"{"email":"nobody"}"#, #"{"email":1}"#, #"{"username":"root"}"#,
                #"{"preferences":[]}"#, #"{"name":"a","name":"b"}"#,
            ] {
                #expect(try await put(bad).status == 400, "\(bad)")
            }
            #expect(try await alice.get("/user/profile").json?["email"]?.text == "alice@example.com")
        }
    }

    @Test("an account ends with its word, and all its keys with it", .proves("US-05"))
    func account() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let alice = try await user("alice", daemon)
            let bob = try await user("bob", daemon)
            let second = try await create(["key_name": "second"], as: alice, daemon).caller
            func end(_ word: String) async throws -> Reply {
                try await alice.send(
                    "DELETE", "/user/account", body: Array("{\"confirmation\":\"\(word)\"}".utf8))
            }
            #expect(try await end("DELETE_KEY").status == 400)
            #expect(try await alice.chat().status == 200)
            let gone = try await end("DELETE_ACCOUNT")
            #expect(gone.status == 200 && gone.json?["user_id"]?.integer == 1)
            for caller in [alice, second] { #expect(try await caller.chat().status == 401) }
            #expect(try await bob.chat().status == 200)
            #expect(try await daemon.orkctl("users", "list", "-o", "name").stdout == "bob\n")
        }
    }
}
