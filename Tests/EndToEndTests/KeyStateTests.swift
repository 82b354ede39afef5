import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// How a key comes to its state, as operators see it, and what they may say.
@Suite("States of keys") struct KeyStateTests {
    private func run(_ line: String, _ daemon: DaemonFixture, ends: Int32 = 0) async throws -> Program.Ran {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == ends, "\(line): \(ran.stdout)\(ran.stderr)")
        return ran
    }

    /// `from to trigger`, oldest first.
    private func history(_ key: String, _ daemon: DaemonFixture) async throws -> [String] {
        try await run("keys history \(key) -o json", daemon).items.reversed().map { step in
            ["from", "to", "trigger"].map { step[$0]?.text ?? "?" }.joined(separator: " ")
        }
    }

    private func state(_ key: String, _ daemon: DaemonFixture) async throws -> KeyState? {
        try await daemon.key(key)["state"]?.text.flatMap(KeyState.init(rawValue:))
    }

    @Test(
        "rests, spent limits and rejections come and go by themselves, each change is told, and is in the table",
        .proves("QA-07", "QA-08"))
    func byItself() async throws {
        var options = DaemonOptions(keys: ["limited", "spent", "alarmed", "dead", "good"])
        options.set("pool", "strategy = \"lru\"")
        options.set("pool", "rejection_confirmed_after = \"1s\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("limited")), .refuse(.inFlightBudget(retryAfter: 2)))
            daemon.mock.script(
                .key(daemon.secret("spent")), Act.refuse(.keySpent("daily")).header("Retry-After", "2"))
            daemon.mock.script(.key(daemon.secret("alarmed")), .unauthorized)
            daemon.mock.always(.key(daemon.secret("dead")), .unauthorized)
            #expect(try await daemon.caller.complete(model: "v/m:free").status == 200)
            #expect(daemon.keysUsed == ["limited", "spent", "alarmed", "dead", "good"])
            let wanted = [
                "limited": ["usable resting 402-in-flight-budget", "resting usable rest-over"],
                "spent": ["usable exhausted 403-key-limit-daily", "exhausted usable rest-over"],
                "alarmed": ["usable suspect 401-rejected", "suspect usable check-valid"],
                "dead": ["usable suspect 401-rejected", "suspect invalid rejected-twice"],
            ]
            try await eventually("all of them are where they belong") {
                // Somebody must be served meanwhile, or no rejection proves anything; by no
                // free model, of which a key has twenty a minute.
                #expect(try await daemon.caller.complete().status == 200)
                for (key, steps) in wanted where try await history(key, daemon).count < steps.count {
                    return false
                }
                return true
            }
            for (key, steps) in wanted { #expect(try await history(key, daemon) == steps) }
            for step in wanted.values.joined() {
                let states = step.split(separator: " ").compactMap { KeyState(rawValue: String($0)) }
                #expect(TransitionAuthor.engine.ends(from: states[0]).contains(states[1]), "\(step)")
            }
            let events = try await run("events --filter kind=key -o json", daemon).items
            for (key, steps) in wanted {
                let told = events.filter { $0["subject"]?.text == key }.map { $0["event"]?.text ?? "" }
                #expect(told == steps.map { $0.split(separator: " ").map(String.init)[1] })
            }
            let before = daemon.keysUsed.count
            for _ in 0..<8 { #expect(try await daemon.caller.complete().status == 200) }
            #expect(
                Set(daemon.keysUsed.dropFirst(before)) == ["limited", "spent", "alarmed", "good"])
        }
    }

    @Test(
        "a key that was answered 401 is suspect, another serves, and an operator may give it up before it is proved",
        .proves("QA-07", "QA-08"))
    func givenUp() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.key(daemon.secret("a")), .unauthorized)
            #expect(try await daemon.caller.complete().status == 200)
            #expect(daemon.keysUsed == ["a", "b"])
            // However often it is asked: ten minutes have not passed.
            for _ in 0..<3 { _ = try await run("keys test a", daemon, ends: 2) }
            #expect(try await state("a", daemon) == .suspect)
            let version = try #require(try await daemon.key("a")["version"]?.integer)
            _ = try await run("keys set-state a invalid --dry-run", daemon)
            let lost = try await run(
                "keys set-state a invalid --if-version \(version + 1) -o json", daemon, ends: 5)
            #expect(lost.failure?["code"]?.text == "version-lost")
            #expect(try await state("a", daemon) == .suspect)
            let done = try await run(
                "keys set-state a invalid --if-version \(version) --reason revoked", daemon)
            #expect(done.stdout == "a invalid\n")
            try await daemon.kill9()
            try await daemon.start()
            let dead = try await daemon.key("a")
            #expect(dead["state"]?.text == "invalid")
            #expect(dead["evidence"]?.text == "set-state: revoked")
            #expect(
                try await history("a", daemon)
                    == ["usable suspect 401-rejected", "suspect invalid set-state"])
            let audit = try await run("events --filter event=keys.set-state -o json", daemon).items
            #expect(audit.count == 1 && audit.first?["by"]?.text?.hasPrefix("uid ") == true)
            #expect(audit.first?["text"]?.text?.contains("state suspect → invalid") == true)
            let before = daemon.keysUsed.count
            for _ in 0..<3 { #expect(try await daemon.caller.complete().status == 200) }
            #expect(daemon.keysUsed.dropFirst(before).allSatisfy { $0 == "b" })
            let back = try await run("keys undo a", daemon)
            #expect(back.stdout == "a undone: invalid by set-state: revoked\n")
            #expect(try await state("a", daemon) == .usable)
        }
    }

    @Test(
        "an operator's word is kept or refused with what to do; what evidence must say is refused",
        .proves("QA-07"))
    func declared() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            func refused(_ line: String, hint: String) async throws {
                let ran = try await run("keys set-state \(line) -o json", daemon, ends: 5)
                #expect(ran.stdout == "" && ran.failure?["code"]?.text == "illegal-transition")
                #expect(ran.failure?["hint"]?.text?.contains(hint) == true, "\(ran.stderr)")
            }
            for state in ["resting", "exhausted", "suspect", "broken"] {
                try await refused("a b \(state)", hint: "orkctl keys history a")
            }
            for key in ["a", "b"] { #expect(try await history(key, daemon) == []) }

            // A rest without an end that anybody stated is the operator's to take back.
            daemon.mock.script(.key(daemon.secret("a")), .refuse(.keySpent("total")))
            #expect(try await daemon.caller.complete().status == 200)
            #expect(try await state("a", daemon) == .exhausted)
            _ = try await run("keys set-state a disabled --reason audit", daemon)
            #expect(try await daemon.key("a")["disabled_reason"]?.text == "audit")
            try await refused("a b invalid", hint: "orkctl keys enable a")
            #expect(try await state("b", daemon) == .usable)
            #expect(try await run("keys set-state a b usable", daemon).stdout == "a usable\nb unchanged\n")
            #expect(
                try await history("a", daemon) == [
                    "usable exhausted 403-key-limit", "exhausted disabled set-state",
                    "disabled usable set-state",
                ])
            _ = try await run("keys disable b", daemon)
            #expect(try await daemon.caller.complete().status == 200)
            #expect(daemon.keysUsed.last == "a")

            _ = try await run("quota set a --requests 1 --window daily", daemon)
            #expect(try await daemon.caller.complete().status == 200)
            #expect(try await state("a", daemon) == .exhausted)
            try await refused("a usable", hint: "orkctl quota show a")
            #expect(try await state("a", daemon) == .exhausted)
        }
    }
}
