import MockUpstream
import ORKTestSupport
import Testing

@Suite("What a failure costs, and whom") struct FailureTests {
    @Test("only a success moves the time of last use", .proves("RT-04"))
    func lastUsed() async throws {
        var options = DaemonOptions()
        options.set("pool", "attempts = 1")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            func lastUsed() async throws -> String? {
                let shown = try await daemon.orkctl("keys", "show", "a", "-o", "json")
                return shown.json?["items"]?[0]?["last_used_at"]?.text
            }
            #expect(try await lastUsed() == nil)
            #expect(try await daemon.caller.chat().status == 200)
            let first = try await lastUsed()
            #expect(first != nil)
            daemon.mock.script(.everything, .status(500))
            #expect(try await daemon.caller.chat().status == 502)
            #expect(try await lastUsed() == first)
            #expect(try await daemon.caller.chat().status == 200)
            #expect(try await lastUsed() ?? "" > first ?? "")
        }
    }

    @Test("a server error is counted on its key and the next key serves", .proves("RT-07", "RT-09"))
    func nextKey() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("a")), .status(500))
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed == ["a", "b"])
            #expect(try await daemon.failures() == [1, 0])
            let a = try await daemon.key("a")
            #expect(a["state"]?.text == "usable")
            #expect(a["last_error"]?.text?.hasPrefix("500") == true)
        }
    }

    @Test(
        "5xx, silence and a reset are each tried on another key and counted once", .proves("RT-17"),
        arguments: 0..<3)
    func classes(_ index: Int) async throws {
        let (act, cause) = [
            (Act.status(502), "upstream-error"), (.silence, "slow"), (.resetAtOnce, "unreachable"),
        ][index]
        var options = DaemonOptions(keys: ["a", "b"])
        options.set("upstream", "head = \"1s\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("a")), act)
            let reply = try await daemon.caller.chat()
            #expect(reply.status == 200)
            #expect(daemon.keysUsed == ["a", "b"])
            #expect(try await daemon.failures() == [1, 0])
            let record = try await daemon.record(of: reply)
            #expect(record["attempts"]?[0]?["cause"]?.text == cause)
        }
    }

    @Test(
        "a refused connection is tried with another key and counted once on each", .proves("RT-17", "PX-15"))
    func refused() async throws {
        var options = DaemonOptions(keys: ["a", "b"])
        options.set("pool", "attempts = 2")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            try await daemon.mock.stopListening()
            let reply = try await daemon.caller.chat()
            #expect(reply.status == 502)
            #expect(reply.errorCode == "upstream-unreachable")
            let attempts = try await daemon.record(of: reply)["attempts"]?.elements ?? []
            #expect(attempts.map { $0["key"]?.text } == ["a", "b"])
            #expect(attempts.allSatisfy { $0["rule"]?.text == "connect-refused" })
            #expect(try await daemon.failures() == [1, 1])
            try await daemon.mock.listenAgain()
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("what the caller did wrong is passed on, not tried again, and no key pays for it", .proves("RT-18"))
    func callersFault() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.everything, .refuse(.badModel))
            for _ in 0..<10 {
                let reply = try await daemon.caller.chat()
                #expect(reply.status == 400)
                #expect(reply.errorMessage == "nosuch/model is not a valid model ID")
            }
            #expect(daemon.keysUsed == Array(repeating: "a", count: 10))
            #expect(try await daemon.failures() == [0, 0])
            #expect(try await daemon.key("a")["state"]?.text == "usable")
        }
    }

    @Test("the same key is asked again after growing pauses, another key at once", .proves("RT-19"))
    func backoff() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .status(503), .status(503))
            #expect(try await daemon.caller.chat().status == 200)
            let gaps = Self.gaps(daemon)
            #expect(gaps.count == 2)
            #expect(gaps[0] >= .seconds(1))
            #expect(gaps[1] >= .seconds(2))
        }
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .status(503), .status(503))
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed == ["a", "b", "c"])
            #expect(Self.gaps(daemon).allSatisfy { $0 < .milliseconds(900) })
        }
    }

    @Test("of two requests at once only the key of the limited one rests", .proves("RT-20"))
    func attribution() async throws {
        var options = DaemonOptions(keys: ["a", "b"])
        options.set("pool", "strategy = \"round-robin\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.script(.key(daemon.secret("a")), Act.retryAfter("600").after(gate))
            daemon.mock.script(.key(daemon.secret("b")), Act.usual.after(gate))
            async let first = daemon.caller.complete(model: "v/m")
            async let second = daemon.caller.complete(model: "v/m")
            try await gate.reached(by: 2)
            #expect(Set(daemon.keysUsed) == ["a", "b"])
            gate.open()
            #expect(try await [first.status, second.status] == [200, 200])
            #expect(try await daemon.rest(of: "v/m", on: "a") != nil)
            #expect(try await daemon.rest(of: "v/m", on: "b") == nil)
            let a = try await daemon.key("a")["counters"]
            let b = try await daemon.key("b")["counters"]
            #expect([a?["rate_limited"]?.integer, a?["successes"]?.integer] == [1, 0])
            #expect([b?["rate_limited"]?.integer, b?["successes"]?.integer] == [0, 2])
        }
    }

    @Test("two limited keys, the third serves, and the trace lists all", .proves("RT-21", "PX-14"))
    func three() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("a")), .retryAfter("60"))
            daemon.mock.script(.key(daemon.secret("b")), .bare429)
            let reply = try await daemon.caller.chat()
            #expect(reply.status == 200)
            let record = try await daemon.record(of: reply)
            #expect(record["attempts"]?.elements?.map { $0["key"]?.text } == ["a", "b", "c"])
            #expect(daemon.keysUsed == ["a", "b", "c"])
        }
    }

    /// Between the requests as the mock saw them.
    private static func gaps(_ daemon: DaemonFixture) -> [Duration] {
        let times = daemon.relayed.map(\.headAt)
        return zip(times, times.dropFirst()).map { $1 - $0 }
    }
}

extension DaemonFixture {
    /// Failures counted on each key, in the order in which they were added.
    fileprivate func failures() async throws -> [Int64?] {
        var counts: [Int64?] = []
        for name in options.keys { counts.append(try await key(name)["counters"]?["failures"]?.integer) }
        return counts
    }
}
