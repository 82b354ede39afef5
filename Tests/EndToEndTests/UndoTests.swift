import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// Taking back what was guessed since a time, and what one incident left: at
/// the built daemon.
@Suite("Undo") struct UndoTests {
    private func run(_ line: String, _ daemon: DaemonFixture, ends status: Int32 = 0) async throws
        -> Program.Ran
    {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == status, "\(line): \(ran.stdout)\(ran.stderr)")
        return ran
    }

    private func verdicts(_ daemon: DaemonFixture) async throws -> [JSON] {
        try await run("events --filter kind=verdict -o json", daemon).items
    }

    private func names(_ ran: Program.Ran) -> [String?] { ran.items.map { $0["item"]?["name"]?.text } }

    @Test("what was guessed since a time is taken back; what is older, was stated or decided by people stays")
    func since() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.model("v/old"), .bare429)
            _ = try await daemon.caller.chat(model: "v/old")
            // Later by a program's start.
            #expect(try await verdicts(daemon).count == 1)
            daemon.mock.script(.model("v/new"), .bare429)
            daemon.mock.script(.model("v/stated"), .retryAfter("600"))
            _ = try await daemon.caller.chat(model: "v/new")
            _ = try await daemon.caller.chat(model: "v/stated")
            let told = try await verdicts(daemon)
            #expect(told.map { $0["model"]?.text } == ["v/old", "v/new", "v/stated"])
            let time = try #require(told[1]["at"]?.text)
            func resting() async throws -> [String] {
                var models: [String] = []
                for model in ["v/old", "v/new", "v/stated"] {
                    if try await daemon.rest(of: model, on: "a") != nil { models.append(model) }
                }
                return models
            }
            #expect(try await resting() == ["v/old", "v/new", "v/stated"])
            let dry = try await run("keys undo --since \(time) --dry-run", daemon)
            #expect(
                dry.stdout.hasPrefix("a undone: rest for v/new by ") && dry.stdout.contains("nothing was"))
            #expect(try await resting().count == 3)
            let done = try await run("keys undo --since \(time) -o json", daemon).items
            #expect(done.map { $0["outcome"]?.text } == ["undone"])
            #expect(done.first?["detail"]?.text?.hasPrefix("rest for v/new by ") == true)
            #expect(done.first?["detail"]?.text?.contains(";") == false)
            #expect(try await resting() == ["v/old", "v/stated"])
            #expect(try await run("keys undo --since \(time) -o json", daemon).items.isEmpty)
            // What is told as done is on disk.
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await resting() == ["v/old", "v/stated"])
            #expect(names(try await run("keys undo a --since -1h -o json", daemon)) == ["a"])
            #expect(try await resting() == ["v/stated"])
            let none = try await run("keys undo a --since -1h", daemon)
            #expect(none.stdout == "a unchanged: nothing of that is held against it\n")
            let audit = try await run("events --filter event=keys.undo -o json", daemon).items
            #expect(audit.count == 2)
            #expect(audit.allSatisfy { $0["by"]?.text?.hasPrefix("uid ") == true })
            _ = try await run("keys disable a", daemon)
            #expect(try await run("keys undo --since -1h -o json", daemon).items.isEmpty)
            #expect(try await daemon.key("a")["state"]?.text == "disabled")
            for line in ["--since -1h --wave", "--since -1h --incident i1", "--since soon"] {
                let ran = try await run("keys undo \(line) -o json", daemon, ends: 64)
                #expect(ran.failure?["code"]?.text == "usage", "\(line)")
            }
        }
    }

    @Test(
        "verdicts that are one incident say so, and what it left is taken back by its name, and nothing else")
    func incident() async throws {
        let keys = ["a", "b", "c", "d"]
        try await withDaemon(DaemonOptions(keys: keys)) { (daemon: DaemonFixture) async throws in
            let other = #"{"error":{"code":429,"message":"Slow down, please"}}"#
            for key in ["a", "b", "d"] {
                daemon.mock.script(.both(key: daemon.secret(key), model: "v/n"), .retryAfter("600"))
            }
            daemon.mock.script(
                .both(key: daemon.secret("c"), model: "v/n"),
                .status(429, headers: [("Retry-After", "600")], body: other))
            #expect(try await daemon.caller.chat(model: "v/n").status != 200)
            let told = try await verdicts(daemon)
            let incidents = try told.map { try #require($0["incident"]?.text) }
            #expect(told.map { $0["subject"]?.text } == keys)
            #expect(incidents[0] == incidents[1] && incidents[0] == incidents[3])
            #expect(incidents[0] != incidents[2])
            #expect(
                told.allSatisfy { $0["text"]?.text?.hasSuffix(" (\($0["incident"]?.text ?? "?"))") == true })
            let filtered = try await run("events --filter incident=\(incidents[2]) -o json", daemon).items
            #expect(filtered.map { $0["subject"]?.text } == ["c"])
            let dry = try await run("keys undo --incident \(incidents[0]) --dry-run -o json", daemon)
            #expect(names(dry) == ["a", "b", "d"])
            #expect(try await daemon.rest(of: "v/n", on: "a") != nil)
            // Of one key alone.
            let one = try await run("keys undo d --incident \(incidents[0]) -o json", daemon)
            #expect(names(one) == ["d"])
            let done = try await run("keys undo --incident \(incidents[0]) -o json", daemon)
            #expect(names(done) == ["a", "b"])
            #expect(
                done.items.allSatisfy { $0["outcome"]?.text == "undone" && $0["changed"]?.isTrue == true })
            #expect(try await run("keys undo --incident \(incidents[0]) -o json", daemon).items.isEmpty)
            // What is told as done is on disk.
            try await daemon.kill9()
            try await daemon.start()
            for key in keys { #expect(try await (daemon.rest(of: "v/n", on: key) == nil) == (key != "c")) }
            #expect(try await run("events --filter event=keys.undo -o json", daemon).items.count == 3)
            #expect(try await verdicts(daemon).map { $0["incident"]?.text } == incidents)
            let last = try await run("keys undo --incident \(incidents[2])", daemon)
            #expect(last.stdout.hasPrefix("c undone: rest for v/n by "))
            for name in ["i999", "nonsense", "i-1"] {
                let ran = try await run("keys undo --incident \(name) -o json", daemon, ends: 4)
                #expect(ran.failure?["code"]?.text == "incident-not-found")
            }
        }
    }

    @Test("what an incident left on all keys of an account is taken back on all of them")
    func account() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            for key in ["a", "b"] { try await daemon.addKey(key, account: "one") }
            daemon.mock.script(.everything, .refuse(.creditsOut))
            _ = try await daemon.caller.chat(model: "v/m")
            let told = try await verdicts(daemon)
            let incident = try #require(told.first?["incident"]?.text)
            #expect(told.count == 1 && told[0]["scope"]?.text == "account")
            for key in ["a", "b"] { #expect(try await daemon.key(key)["state"]?.text == "exhausted") }
            let done = try await run("keys undo --incident \(incident) -o json", daemon)
            #expect(names(done) == ["a", "b"])
            for key in ["a", "b"] { #expect(try await daemon.key(key)["state"]?.text == "usable") }
            #expect(try await daemon.caller.chat(model: "v/m").status == 200)
        }
    }
}
