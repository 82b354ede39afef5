import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Pools, made from the shell and tried at the data port (ruling 31).
@Suite("Pools") struct PoolsTests {
    /// A client bound to the pool: its caller.
    private func client(_ name: String, of pool: String, _ daemon: DaemonFixture) async throws -> Caller {
        daemon.caller(key: try await daemon.addClient(name, with: [.init("pool", .string(pool))]))
    }

    private func run(_ line: String, _ daemon: DaemonFixture) async throws -> Program.Ran {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == 0, "\(line): \(ran.stderr)")
        return ran
    }

    /// Key `a` is in the first pool; `b` in `team`, to which the returned
    /// caller is bound.
    private func twoPools(_ daemon: DaemonFixture) async throws -> Caller {
        _ = try await run("pools add team --strategy lru --floor 80 --note tenants", daemon)
        try await daemon.addKey("b", with: [.init("pool", "team")])
        return try await client("web", of: "team", daemon)
    }

    @Test("a client is served by the keys of its pool and by no others, after a restart too")
    func isolation() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let web = try await twoPools(daemon)
            for caller in [web, daemon.caller] {
                for _ in 0..<2 { #expect(try await caller.chat().status == 200) }
            }
            #expect(daemon.keysUsed == ["b", "b", "a", "a"])
            daemon.mock.script(.key(daemon.secret("b")), .retryAfter("600"))
            let limited = try await web.chat()
            #expect(limited.status == 429)
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed.suffix(2) == ["b", "a"])
            // Once it is on disk.
            _ = try await daemon.record(of: limited)
            try await daemon.kill9()
            try await daemon.start()
            let again = daemon.caller(key: web.key)
            #expect(try await again.chat().errorCode == "all-keys-resting")
            #expect(try await again.chat(model: "other/model").status == 200)
            #expect(daemon.keysUsed.last == "b")
            let pool = try await run("pools list --filter name=team -o json", daemon).items.first
            #expect(pool?["strategy"]?.text == "lru" && pool?["floor"]?.integer == 80)
            #expect(pool?["keys"]?.integer == 1 && pool?["clients"]?.integer == 1)
            #expect(try await daemon.key("b")["pool"]?.text == "team")
        }
    }

    @Test("the fallback pool serves when none of the pool's keys can, within the same request")
    func fallback() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            _ = try await run("pools add paid", daemon)
            _ = try await run("pools set default --fallback paid", daemon)
            try await daemon.addKey("p", with: [.init("pool", "paid")])
            #expect(try await daemon.caller.chat().status == 200)
            daemon.mock.script(.key(daemon.secret("a")), .retryAfter("600"))
            let reply = try await daemon.caller.chat()
            #expect(reply.status == 200)
            #expect(daemon.keysUsed == ["a", "a", "p"])
            let record = try await daemon.record(of: reply)
            #expect(record["attempts"]?.elements?.map { $0["key"]?.text } == ["a", "p"])
            _ = try await run("pools set default --fallback none", daemon)
            #expect(try await daemon.caller.chat().status == 429)
            #expect(daemon.keysUsed.count == 3)
        }
    }

    @Test("a pool that is needed cannot be removed, and what leads nowhere cannot be set")
    func inUse() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let web = try await twoPools(daemon)
            func refused(_ words: String) async throws -> String? {
                let ran = try await daemon.orkctl(
                    words.split(separator: " ").map(String.init) + ["-o", "json"])
                #expect(ran.status != 0 && ran.stdout == "", "\(words)")
                return ran.failure?["code"]?.text
            }
            let remove = "pools remove team --yes"
            #expect(try await refused(remove) == "pool-in-use")
            _ = try await run("clients set web --pool default", daemon)
            #expect(try await web.chat().status == 200)
            #expect(daemon.keysUsed == ["a"])
            #expect(try await refused(remove) == "pool-in-use")
            _ = try await run("keys set b --pool default", daemon)
            _ = try await run("pools set default --fallback team", daemon)
            #expect(try await refused(remove) == "pool-in-use")
            #expect(try await refused("pools set team --fallback default") == "bad-value")
            _ = try await run("pools set default --fallback none", daemon)
            _ = try await run(remove, daemon)
            #expect(try await refused(remove) == "pool-not-found")
            #expect(try await refused("pools remove default --yes") == "pool-in-use")
            #expect(try await refused("keys set b --pool team") == "pool-not-found")
            #expect(try await refused("clients set web --pool team") == "pool-not-found")
            #expect(try await refused("pools add team2 --floor 101") == "bad-value")
            let audit = try await run("events --filter kind=audit -o json", daemon)
            #expect(
                audit.items.contains { $0["event"]?.text == "pools.remove" && $0["noun"]?.text == "pool" })
        }
    }

    @Test("a key of a smaller priority serves first, as many requests at once as it may")
    func priority() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            _ = try await run("keys set a --priority 1", daemon)
            _ = try await run("keys set b --max-in-flight 1", daemon)
            #expect(try await daemon.caller.chat().status == 200)
            let gate = Gate()
            daemon.mock.script(.key(daemon.secret("b")), Act.usual.after(gate))
            async let first = daemon.caller.chat()
            try await gate.reached(by: 1)
            #expect(try await daemon.caller.chat().status == 200)
            gate.open()
            #expect(try await first.status == 200)
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed == ["b", "b", "a", "b"])
        }
    }

    @Test("a pool at its floor is a condition that names it, and is over when its keys answer well again")
    func floor() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            _ = try await run("pools add team --strategy lru", daemon)
            for key in ["x", "y", "z"] { try await daemon.addKey(key, with: [.init("pool", "team")]) }
            let web = try await client("web", of: "team", daemon)
            for key in ["x", "y"] { daemon.mock.always(.key(daemon.secret(key)), .unauthorized) }
            // Both are asked, for there is no other.
            _ = try await run("keys disable z", daemon)
            #expect(try await web.chat().status == 503)
            #expect(Set(daemon.keysUsed) == ["x", "y"])
            _ = try await run("keys enable z", daemon)
            #expect(try await web.chat().status == 200)
            func conditions(_ verb: String) async throws -> [JSON] {
                let ran = try await daemon.orkctl(verb, "-o", "json")
                #expect(ran.status == 0)
                return (ran.json?["item"] ?? ran.json)?["conditions"]?.elements ?? []
            }
            try await eventually("status names the pool") { try await !conditions("status").isEmpty }
            for verb in ["status", "health"] {
                let condition = try #require(try await conditions(verb).first)
                #expect(condition["code"]?.text == "pool-floor-reached")
                #expect(condition["severity"]?.text == "warning")
                #expect(
                    condition["text"]?.text == "pool “team” is at its floor: 1 of 3 keys out, 1 more doubted")
            }
            daemon.mock.forgetScripts()
            try await eventually("the keys are asked about, and it is over") {
                try await conditions("status").isEmpty
            }
            try await eventually("its beginning and its end are events") {
                let events = try await run("events --filter kind=condition -o json", daemon)
                return events.items.filter { $0["code"]?.text == "pool-floor-reached" }.map {
                    $0["event"]?.text
                } == ["began", "ended"]
            }
        }
    }

    @Test("a conversation stays with its key, however it is told [ruling 16]")
    func conversations() async throws {
        var options = DaemonOptions(keys: ["a", "b", "c", "d"])
        options.set("pool", "strategy = \"round-robin\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            /// The keys that three requests of one conversation went to.
            func keys(_ body: (Int) -> [JSON.Member], _ headers: [(String, String)] = []) async throws
                -> Set<String>
            {
                let before = daemon.keysUsed.count
                for turn in 1...3 {
                    let members = [.init("model", "m/x")] + body(turn)
                    let reply = try await daemon.caller.send(
                        "POST", "/v1/chat/completions", headers: headers,
                        body: Array(JSON.object(members).encoded.utf8))
                    #expect(reply.status == 200)
                }
                return Set(daemon.keysUsed.dropFirst(before))
            }
            /// An opening, and a turn more with every request.
            func messages(_ opening: String, _ turn: Int) -> JSON.Member {
                let message: (String, String) -> JSON = { ["role": .string($0), "content": .string($1)] }
                let turns = (1...turn).map { message($0 % 2 == 0 ? "assistant" : "user", "turn \($0)") }
                return .init(
                    "messages", .array([message("system", "be brief"), message("user", opening)] + turns))
            }
            var homes: Set<String> = []
            for number in 0..<12 {
                let session: [JSON.Member] = [.init("session_id", .string("s\(number)"))]
                let named = try await keys { session + [messages("hello \($0)", $0)] }
                let header = try await keys(
                    { [messages("hello \($0)", $0)] }, [("X-Session-Id", "s\(number)")])
                let cached = try await keys {
                    [.init("prompt_cache_key", .string("s\(number)")), messages("hello \($0)", $0)]
                }
                #expect(named.count == 1 && named == header && named == cached)
                homes.formUnion(named)
                #expect(try await keys { [messages("opening \(number)", $0)] }.count == 1)
            }
            #expect(homes.count > 1)
            // Without a conversation the strategy decides.
            #expect(try await keys { _ in [.init("prompt", "x")] }.count == 3)
        }
    }
}
