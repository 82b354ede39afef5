import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// `orkctl events` over a real daemon.
@Suite("Events") struct EventsTests {
    private func events(_ ran: Program.Ran) -> [JSON] {
        ran.stdout.split(separator: "\n").compactMap { JSON(parsing: Array($0.utf8)) }
    }

    private static func hasLine(_ text: String, _ parts: String...) -> Bool {
        text.split(separator: "\n").contains { line in parts.allSatisfy { line.contains($0) } }
    }

    private func words(_ events: [JSON]) -> [String] {
        events.map { "\($0["noun"]?.text ?? "") \($0["subject"]?.text ?? "") \($0["event"]?.text ?? "")" }
    }

    @Test("what operators and the upstream did is told in order, and filters choose from it")
    func history() async throws {
        // Said by an operator, an account is not learnt in the middle of it.
        var options = DaemonOptions()
        options.accounts = { $0 }
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .status(401))
            _ = try await daemon.caller.chat()
            try await daemon.orkctl("keys", "set", "a", "--weight", "3")
            try await daemon.orkctl("config", "set", "strategy", "lru")
            let all = events(try await daemon.orkctl("events", "-o", "jsonl"))
            let told = words(all)
            // Each of them began when the one before was over. What happens in the same moment has no such order.
            let wanted = ["key a keys.add", "client test clients.add", "key a suspect", "key a keys.set"]
            let order = try wanted.map { try #require(told.firstIndex(of: $0), "\($0) is not in \(told)") }
            #expect(order == order.sorted(), "\(told)")
            let setting = told.firstIndex { $0.hasPrefix("config pool.strategy config.set") }
            #expect(try #require(setting) > #require(order.last), "\(told)")
            let weight = try #require(all.first { $0["event"]?.text == "keys.set" })
            #expect(weight["text"]?.text == "weight 1 → 3")
            #expect(weight["by"]?.text?.hasPrefix("uid ") == true)
            let rests = events(
                try await daemon.orkctl("events", "-o", "jsonl", "--filter", "key=a", "--filter", "kind=key"))
            #expect(rests.allSatisfy { $0["kind"]?.text == "key" })
            #expect(rests.contains { $0["event"]?.text == "suspect" && $0["severity"]?.text == "warning" })
            // The daemon may add to the others meanwhile.
            let audits = all.filter { $0["kind"]?.text == "audit" }
            let two = events(
                try await daemon.orkctl("events", "-o", "jsonl", "--limit", "2", "--filter", "kind=audit"))
            #expect(two.map(\.encoded) == audits.suffix(2).map(\.encoded))
            let document = try await daemon.orkctl("events", "-o", "json", "--filter", "kind=audit")
            #expect(document.json?["schema"]?.text == "ork.events/1")
            #expect(document.items.allSatisfy { $0["kind"]?.text == "audit" })
        }
    }

    @Test("with a cursor file each event is seen once, over a restart too")
    func cursorFile() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let file = daemon.inputs + "/seen"
            func look() async throws -> [String] {
                words(events(try await daemon.orkctl("events", "--cursor-file", file, "-o", "jsonl")))
            }
            #expect(try await look().contains("key a keys.add"))
            #expect(try await look().filter { $0.contains("keys.") } == [])
            try await daemon.orkctl("keys", "disable", "a")
            try await daemon.restart()
            let seen = try await look()
            #expect(seen.filter { $0 == "key a keys.disable" }.count == 1)
            #expect(seen.filter { $0.hasSuffix(" started") }.count == 1)
            #expect(seen.filter { $0.hasSuffix(" stopping") }.count == 1)
            #expect(try await look().filter { $0.contains("keys.") || $0.contains("st") } == [])
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try Data("my diary\n".utf8).write(to: URL(fileURLWithPath: file))
            let refused = try await daemon.orkctl("events", "--cursor-file", file)
            #expect(refused.status == 65)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "my diary\n")
        }
    }

    @Test("a follower sees what happens as it happens, and goes on after a restart of the daemon")
    func follow() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let live = try daemon.talk("events", "-f", "-o", "jsonl", onTerminal: false)
            try await live.shows(#""event":"clients.add""#)
            try await daemon.orkctl("keys", "disable", "a")
            try await live.shows(#""event":"keys.disable""#)
            try await daemon.terminate()
            try await live.shows("waiting for it")
            try await daemon.start()
            try await live.shows(#""event":"started""#)
            try await live.shows("orkd is back")
            try await daemon.orkctl("keys", "enable", "a")
            let shown = try await live.shows(#""event":"keys.enable""#)
            #expect(shown.components(separatedBy: #""event":"keys.disable""#).count == 2)
            live.signal(SIGINT)
            #expect(try await live.end() == 130)
        }
    }

    @Test("a follower that stops reading delays nobody, and is told how much it has missed")
    func slowReader() async throws {
        var options = DaemonOptions()
        // A follower that is cut off comes back and reads on where it was: that is another test.
        options.set("proxy", "write_idle = \"10m\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let live = try daemon.talk("events", "-f", "-o", "jsonl", onTerminal: false)
            try await live.shows(#""event":"clients.add""#)
            // What was may have been shown before it follows; what is shown now comes from following.
            try await daemon.orkctl("keys", "disable", "a")
            try await live.shows(#""event":"keys.disable""#)
            live.signal(SIGSTOP)
            // More than the sockets hold, and more than a follower may be behind.
            let keys = (0..<3000).map { number in
                let hex = String(number, radix: 16)
                return "sk-or-v1-" + String(repeating: "0", count: 64 - hex.count) + hex
            }
            let file = daemon.inputs + "/many"
            try Data((keys.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
            #expect(try await daemon.orkctl("keys", "import", file, "-q").status == 0)
            for verb in ["disable", "enable", "disable", "enable"] {
                let ran = try await daemon.orkctl("keys", verb, "imported-*", "-q", "--timeout", "60s")
                #expect(ran.status == 0)
            }
            #expect(try await daemon.orkctl("status").status == 0)
            live.signal(SIGCONT)
            let shown = try await live.shows(#""kind":"gap""#)
            #expect(shown.contains(#""event":"lost""#))
            try await daemon.orkctl("keys", "enable", "a")
            live.signal(SIGINT)
            #expect(try await live.end() == 130)
        }
    }

    @Test("conditions are events when they begin and when they end")
    func conditions() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let live = try daemon.talk(
                "events", "-f", "--filter", "kind=condition", "-o", "jsonl", onTerminal: false)
            try await daemon.orkctl("daemon", "drain")
            try await live.shows { Self.hasLine($0, #""code":"draining""#, #""event":"began""#) }
            try await daemon.orkctl("daemon", "resume")
            try await live.shows { Self.hasLine($0, #""code":"draining""#, #""event":"ended""#) }
            live.signal(SIGINT)
            #expect(try await live.end() == 130)
        }
    }
}
