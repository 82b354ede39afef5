import MockUpstream
import ORKTestSupport
import Testing

/// A key that fails while the other one serves, so that it is the key.
@Suite("A key that keeps failing") struct BreakerTests {
    private var options: DaemonOptions {
        var options = DaemonOptions(keys: ["a", "b"])
        options.set("pool", "strategy = \"lru\"")
        return options
    }

    @Test(
        "five failures in a row take a key out, a success begins anew; a restart keeps it out",
        .proves("RT-08"))
    func five() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            try await fail(daemon, 4, then: .usual)
            try await fail(daemon, 4)
            var a = try await daemon.key("a")
            #expect(a["state"]?.text == "usable")
            #expect(a["counters"]?["failures"]?.integer == 8)
            #expect(a["counters"]?["consecutive_failures"]?.integer == 4)
            try await fail(daemon, 1)
            a = try await daemon.key("a")
            #expect(a["state"]?.text == "broken")
            try await daemon.restart()
            #expect(try await daemon.key("a")["state"]?.text == "broken")
            for _ in 0..<3 { #expect(try await daemon.caller.complete().status == 200) }
            #expect(daemon.keysUsed.suffix(3) == ["b", "b", "b"])
        }
    }

    @Test("broken keys are listed with the proof, and one is reset by hand", .proves("RT-13"))
    func reset() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            func broken() async throws -> [String?] {
                let list = try await daemon.orkctl("keys", "list", "--state", "broken", "-o", "json")
                return list.json?["items"]?.elements?.map { $0["name"]?.text } ?? ["no list"]
            }
            try await fail(daemon, 5)
            #expect(try await broken() == ["a"])
            let shown = try await daemon.orkctl("keys", "show", "a")
            #expect(shown.stdout.contains("five-failures"))
            #expect(shown.stdout.contains("5 failures in a row"))
            #expect(try await daemon.orkctl("keys", "reset", "a").status == 0)
            #expect(try await broken() == [])
            let a = try await daemon.key("a")
            #expect(a["state"]?.text == "usable")
            #expect(a["counters"]?["failures"]?.integer == 5)
            #expect(a["counters"]?["consecutive_failures"]?.integer == 0)
            for _ in 0..<2 { #expect(try await daemon.caller.complete().status == 200) }
            #expect(Set(daemon.keysUsed.suffix(2)) == ["a", "b"])
        }
    }

    @Test(
        "after its rest one request tries a broken key: a failure opens it for longer, a success closes it",
        .proves("RT-12"))
    func halfOpen() async throws {
        var options = options
        options.set("pool", "breaker_cooldown = \"1s\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            try await fail(daemon, 5)
            #expect(try await daemon.key("a")["state"]?.text == "broken")
            for act in [Act.status(500), .usual] {
                daemon.mock.script(.key(daemon.secret("a")), act)
                var reply = try await daemon.caller.complete()
                try await eventually("the broken key is tried") {
                    if daemon.mock.actsLeft(.key(daemon.secret("a"))) == 0 { return true }
                    reply = try await daemon.caller.complete()
                    return false
                }
                #expect(reply.status == 200)
                let attempts = try await daemon.record(of: reply)["attempts"]
                #expect(attempts?[0]?["key"]?.text == "a")
                #expect(attempts?[0]?["chosen"]?.text == "trial")
            }
            #expect(try await daemon.key("a")["state"]?.text == "usable")
            let history = try await daemon.orkctl("keys", "history", "a", "-o", "json")
            let steps = history.json?["items"]?.elements ?? []
            #expect(steps.map { $0["trigger"]?.text } == ["trial-succeeded", "five-failures"])
            // Once a second at first, then two seconds: twice as long.
            let trials = daemon.relayed.filter { $0.key == daemon.secret("a") }.suffix(3).map(\.headAt)
            #expect(trials[1] - trials[0] >= .milliseconds(900))
            #expect(trials[2] - trials[1] >= .milliseconds(1900))
        }
    }

    /// Requests until the first key has failed so often, and has then done
    /// what is asked of it. No caller notices.
    private func fail(_ daemon: DaemonFixture, _ times: Int, then act: Act? = nil) async throws {
        let subject = Subject.key(daemon.secret("a"))
        daemon.mock.script(subject, Array(repeating: .status(500), count: times) + [act].compactMap { $0 })
        for _ in 0..<3 * times + 3 where daemon.mock.actsLeft(subject) > 0 {
            #expect(try await daemon.caller.complete().status == 200)
        }
        #expect(daemon.mock.actsLeft(subject) == 0)
    }
}
