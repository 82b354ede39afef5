import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What client keys are bound to, set from the shell and tried at the data
/// port.
@Suite("Rules of client keys") struct ClientRulesTests {
    /// Issues a key, which is then looked for like any secret.
    private func issue(_ name: String, _ more: String..., on daemon: DaemonFixture) async throws -> Caller {
        let ran = try await daemon.orkctl(["clients", "add", name, "-q"] + more, mayIssue: true)
        #expect(ran.status == 0, "\(ran.stderr)")
        let secret = ran.stdout.filter { $0 != "\n" }
        daemon.watch(Canary(name: "client \(name)", secret: secret), issuedHere: true)
        return daemon.caller(key: secret)
    }

    private func set(_ name: String, _ more: String..., on daemon: DaemonFixture) async throws {
        let ran = try await daemon.orkctl(["clients", "set", name] + more)
        #expect(ran.status == 0, "\(ran.stderr)")
    }

    private func client(_ name: String, _ daemon: DaemonFixture) async throws -> JSON {
        let ran = try await daemon.orkctl("clients", "show", name, "-o", "json")
        return try #require(ran.items.first, "\(ran.stderr)")
    }

    @Test("S0's words for permissions let in what they name and nothing else", .proves("CK-13"))
    func permissions() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let lister = try await issue("lister", "--permission", "models.list", on: daemon)
            #expect(try await lister.get("/v1/models").status == 200)
            #expect(try await lister.chat().errorCode == "path-not-permitted")
            let chatter = try await issue("chatter", "--permission", "chat.completions", on: daemon)
            #expect(try await chatter.chat().status == 200)
            for (path, body) in [
                ("/v1/embeddings", ["model": "a/b", "input": "x"] as JSON),
                ("/v1/completions", ["model": "a/b"]),
                ("/v1/images/generations", ["model": "a/b", "prompt": "x"]),
                ("/v1/messages", ["model": "a/b", "messages": []]),
            ] {
                #expect(try await chatter.post(path, body).status == 403, "\(path)")
            }
            #expect(try await chatter.get("/v1/models").status == 403)
            #expect(daemon.keysUsed.count == 2)
            let wrong = try await daemon.orkctl("clients", "add", "x", "-q", "--permission", "root")
            #expect(wrong.status == 64 && wrong.stdout == "")
        }
    }

    @Test("a key that may only read lists models and runs none; one that may write runs them")
    func readAndWrite() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let reader = try await issue("reader", "--permission", "read", on: daemon)
            #expect(try await reader.get("/v1/models").status == 200)
            #expect(try await reader.chat().status == 403)
            let writer = try await issue("writer", "--permission", "write:embeddings,write:user", on: daemon)
            #expect(try await writer.chat().status == 403)
            #expect(
                try await writer.post("/v1/embeddings", ["model": "a/b", "input": "x"]).errorCode
                    != "path-not-permitted")
            let words = try await client("writer", daemon)["permissions"]?.elements?.compactMap(\.text)
            #expect(words == ["embeddings", "write:user"])
        }
    }

    @Test("a list of models holds for every model that could answer [K-26]")
    func models() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let web = try await issue("web", "--allow-model", "openai/*,~x/latest", on: daemon)
            #expect(try await web.chat(model: "openai/gpt-4o-mini").status == 200)
            let served = daemon.keysUsed.count
            for body: JSON in [
                ["model": "x/y", "messages": []], ["model": "openai/a", "models": ["x/y"], "messages": []],
                ["model": "openrouter/auto", "messages": []], ["messages": []],
                ["model": "openai/a", "preset": "p", "messages": []],
            ] {
                let refused = try await web.post("/v1/chat/completions", body)
                #expect(
                    refused.status == 403 && refused.errorCode == "model-not-permitted", "\(body.encoded)")
            }
            #expect(daemon.keysUsed.count == served)
            try await set("web", "--allow-model", "none", on: daemon)
            #expect(try await web.chat(model: "x/y").status == 200)
        }
    }

    @Test("an expired key is refused from its end on, and a lifetime is in the future", .proves("CK-23"))
    func expiry() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let web = try await issue("web", "--expires", "8s", on: daemon)
            #expect(try await web.chat().status == 200)
            #expect(try await client("web", daemon)["expires_at"]?.text != nil)
            try await eventually("the key expires") { try await web.chat().errorCode == "client-expired" }
            #expect(try await web.chat().status == 401)
            #expect(try await client("web", daemon)["state"]?.text == "expired")
            for word in ["0s", "-5s", "2001-01-01T00:00:00Z"] {
                let ran = try await daemon.orkctl("clients", "add", "x", "-q", "--expires=" + word)
                #expect(ran.status == 64 && ran.stdout == "", "\(word)")
            }
            try await set("web", "--expires", "90d", on: daemon)
            #expect(try await web.chat().status == 200)
        }
    }

    @Test("a cap of two serves two, after kill -9 too, and a larger one serves on", .proves("CK-24"))
    func cap() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let key = try await issue("web", "--max-requests", "2", on: daemon).key
            func chat() async throws -> Reply { try await daemon.caller(key: key).chat() }
            #expect(try await chat().status == 200)
            // At once: what is not on disk now was never granted.
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await chat().status == 200)
            let third = try await chat()
            #expect(third.status == 429 && third.errorCode == "request-cap-reached")
            #expect(third.value("x-should-retry") == "false")
            #expect(daemon.keysUsed.count == 2)
            let used = try await client("web", daemon)
            #expect(used["max_requests"]?.integer == 2 && used["requests_left"]?.integer == 0)
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await chat().status == 429)
            try await set("web", "--max-requests", "3", on: daemon)
            #expect(try await client("web", daemon)["requests_left"]?.integer == 1)
            #expect(try await chat().status == 200)
            #expect(try await chat().status == 429)
            // What is refused upstream is not used up.
            try await set("web", "--max-requests", "4", on: daemon)
            daemon.mock.script(.everything, .status(400, body: #"{"error":{"message":"no","code":400}}"#))
            #expect(try await chat().status == 400)
            try await eventually("it is given back") { try await chat().status == 200 }
            #expect(try await chat().status == 429)
            for word in ["0", "-1", "x"] {
                #expect(
                    try await daemon.orkctl("clients", "set", "web", "--max-requests=" + word).status == 64)
            }
        }
    }

    @Test("of fifty requests at once a cap lets through its number")
    func parallelCap() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let web = try await issue("web", "--max-requests", "7", on: daemon)
            let served = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await web.chat().status } }
                return try await group.reduce(0) { $0 + ($1 == 200 ? 1 : 0) }
            }
            #expect(served == 7 && daemon.keysUsed.count == 7)
        }
    }

    @Test("an address outside the list is refused, whatever a header says", .proves("CK-25"))
    func addresses() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let web = try await issue("web", "--allow-ip", "10.0.0.0/8", on: daemon)
            let refused = try await web.get("/v1/models")
            #expect(refused.status == 403 && refused.errorCode == "address-not-permitted")
            let lies = [
                ("X-Forwarded-For", "10.0.0.1"), ("X-Real-IP", "10.0.0.1"), ("Forwarded", "for=10.0.0.1"),
            ]
            for lie in lies { #expect(try await web.get("/v1/models", headers: [lie]).status == 403) }
            try await set("web", "--allow-ip", "127.0.0.1", "--allow-ip", "::1", on: daemon)
            #expect(try await web.get("/v1/models").status == 200)
            #expect(
                try await daemon.orkctl("clients", "set", "web", "--allow-ip", "10.0.0.0/33").status == 64)
        }
    }

    @Test("behind a trusted proxy its last stranger is the caller [K-34]")
    func trustedProxy() async throws {
        var options = DaemonOptions()
        options.set("proxy", "trusted_proxies = [\"127.0.0.0/8\"]")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let web = try await issue("web", "--allow-ip", "10.0.0.0/8", on: daemon)
            func status(_ hops: String) async throws -> Int {
                try await web.get("/v1/models", headers: [("X-Forwarded-For", hops)]).status
            }
            #expect(try await status("10.1.2.3") == 200)
            #expect(try await status("10.1.2.3, 192.0.2.7") == 403)
            #expect(try await status("192.0.2.7, 10.1.2.3") == 200)
            #expect(try await web.get("/v1/models").status == 403)
        }
    }

    @Test("a page of another domain and no page are refused where domains are listed", .proves("CK-26"))
    func referrers() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let web = try await issue("web", "--allow-referrer", "example.com", on: daemon)
            func status(_ headers: (String, String)...) async throws -> Int {
                try await web.get("/v1/models", headers: headers).status
            }
            #expect(try await status(("Referer", "https://app.example.com/")) == 200)
            #expect(try await status(("Origin", "https://example.com")) == 200)
            #expect(try await status(("Referer", "https://evilexample.com")) == 403)
            #expect(try await status(("Referer", "https://example.com@evil.com/")) == 403)
            let absent = try await web.get("/v1/models")
            #expect(absent.status == 403 && absent.errorCode == "referrer-not-permitted")
        }
    }

    @Test("paths that are not on the list of a client are refused")
    func endpoints() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let web = try await issue("web", "--allow-endpoint", "/v1/chat/*", on: daemon)
            #expect(try await web.chat().status == 200)
            #expect(try await web.get("/openrouter/v1/models").errorCode == "path-not-permitted")
        }
    }

    @Test("everywhere but where it is issued a key is shown by its ends alone", .proves("CK-28"))
    func masked() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let secret = try #require(try await issue("web", "--env", "test", on: daemon).key)
            let mask = "gw_test_…" + secret.suffix(4)
            #expect(try await client("web", daemon)["masked"]?.text == mask)
            for words in [
                ["clients", "list", "-o", "wide"], ["clients", "list", "-o", "csv"],
                ["clients", "show", "web"],
                ["clients", "set", "web", "--note", "x", "-o", "json"],
            ] {
                #expect(try await daemon.orkctl(words).stdout.contains(mask), "\(words)")
            }
            _ = try await daemon.caller(key: secret).chat()
            try await daemon.terminate()
            let hits = daemon.search().hits.filter { !$0.place.hasPrefix("output of orkctl clients add") }
            #expect(hits.isEmpty)
        }
    }

    @Test("clients of one environment are listed alone, with the requests of each", .proves("CK-29"))
    func environments() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for (word, count) in [("test", 3), ("staging", 1), ("dev", 2)] {
                let caller = try await issue("of-\(word)", "--env", word, on: daemon)
                for _ in 0..<count { #expect(try await caller.chat().status == 200) }
            }
            for (word, count) in [("test", Int64(3)), ("staging", 1), ("dev", 2)] {
                let ran = try await daemon.orkctl("clients", "list", "--env", word, "-o", "json")
                #expect(ran.items.map { $0["name"]?.text } == ["of-\(word)"])
                #expect(ran.items.map { $0["requests"]?.integer } == [count])
            }
            #expect(try await daemon.orkctl("clients", "list", "--env", "prod").status == 64)
        }
    }

    @Test("all that binds a client can be set, shown and taken away, after a restart too", .proves("CK-30"))
    func fields() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            _ = try await issue("web", on: daemon)
            try await daemon.orkctl("users", "create", "alice")
            try await set(
                "web", "--user", "alice", "--primary", "--allow-model", "openai/*", "--allow-endpoint",
                "chat/completions,models", "--allow-ip", "10.1.2.3/8", "--allow-referrer", "Example.com",
                "--max-requests", "9", on: daemon)
            try await daemon.kill9()
            try await daemon.start()
            let shown = try await client("web", daemon)
            #expect(shown["user"]?.text == "alice" && shown["primary"]?.encoded == "true")
            #expect(shown["models"]?.elements?.compactMap(\.text) == ["openai/*"])
            #expect(shown["endpoints"]?.elements?.compactMap(\.text) == ["chat/completions", "models"])
            #expect(shown["addresses"]?.elements?.compactMap(\.text) == ["10.0.0.0/8"])
            #expect(shown["referrers"]?.elements?.compactMap(\.text) == ["example.com"])
            #expect(shown["max_requests"]?.integer == 9)
            let page = try await daemon.orkctl("clients", "show", "web").stdout
            for word in ["alice", "openai/*", "chat/completions,models", "10.0.0.0/8", "example.com"] {
                #expect(page.contains(word), "\(word)")
            }
            try await set(
                "web", "--user", "none", "--allow-model", "none", "--allow-endpoint", "none", "--allow-ip",
                "none", "--allow-referrer", "none", "--max-requests", "none", on: daemon)
            let bare = try await client("web", daemon)
            for field in ["user", "models", "endpoints", "addresses", "referrers", "max_requests"] {
                #expect(bare[field] == nil, "\(field)")
            }
            #expect(bare["primary"]?.encoded == "false")
        }
    }
}
