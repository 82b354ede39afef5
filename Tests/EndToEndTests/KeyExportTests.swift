import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Keys that move from one daemon to another, with all that is known of them.
@Suite("Export of keys") struct KeyExportTests {
    @discardableResult
    private func run(_ line: String, _ daemon: DaemonFixture, ends: Int32 = 0) async throws -> Program.Ran {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == ends, "\(line): \(ran.stdout)\(ran.stderr)")
        return ran
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// A pool in which every kind of state is there.
    private func withMarkedPool<Result>(_ body: (DaemonFixture) async throws -> Result) async throws -> Result
    {
        var options = DaemonOptions(keys: ["limited", "spent", "dead", "off", "good"])
        options.set("pool", "strategy = \"lru\"")
        return try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("limited")), .refuse(.inFlightBudget(retryAfter: 3000)))
            try await run("pools add team --strategy lru", daemon)
            try await run("quota set spent --requests 1 --window daily", daemon)
            try await run("keys set-state dead invalid --reason revoked", daemon)
            try await run("keys disable off --reason leaked", daemon)
            try await run("keys disable good", daemon)
            #expect(try await daemon.caller.complete(model: "v/m:free").status == 200)
            try await run("keys enable good", daemon)
            for _ in 0..<2 { #expect(try await daemon.caller.complete(model: "v/m:free").status == 200) }
            #expect(daemon.keysUsed == ["limited", "spent", "good", "good"])
            try await run("keys set off --pool team --priority 3 --tag team=core --meta tier=pro", daemon)
            return try await body(daemon)
        }
    }

    private func states(_ daemon: DaemonFixture) async throws -> [String: String] {
        let items = try await run("keys list -o json", daemon).items
        return Dictionary(
            uniqueKeysWithValues: items.compactMap { item in
                item["name"]?.text.map { ($0, item["state"]?.text ?? "?") }
            })
    }

    private func expectMarked(_ daemon: DaemonFixture) async throws {
        let states = try await states(daemon)
        #expect(states == Self.marked)
    }

    private static let marked = [
        "limited": "resting", "spent": "exhausted", "dead": "invalid", "off": "disabled", "good": "usable",
    ]

    @Test(
        "another daemon goes on with states, counters, rests, quotas and fields where this one was",
        .proves("KP-20"))
    func moved() async throws {
        let (export, secrets) = try await withMarkedPool { daemon in
            try await expectMarked(daemon)
            let path = daemon.issued + "/all.json"
            let told = try await run("keys export --secrets --to \(path)", daemon)
            #expect(told.stdout == "5 keys in \(path), with secrets\n")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let audit = try await run("events --filter event=keys.export -o json", daemon).items
            #expect(audit.count == 1 && audit.first?["subject"]?.text == "5 keys")
            return (try text(path), Self.marked.keys.map { ($0, daemon.secret($0)) })
        }
        try await withDaemon(DaemonOptions(keys: [])) { (other: DaemonFixture) async throws in
            for (name, secret) in secrets { _ = other.newSecret(name, secret) }
            let path = other.inputs + "/all.json"
            try export.write(toFile: path, atomically: true, encoding: .utf8)
            let refused = try await run("keys import \(path) --format json", other, ends: 3)
            #expect(refused.stdout.contains("added 4") && refused.stdout.contains("pool-not-found"))
            try await run("pools add team --strategy lru", other)
            let added = try await run("keys import \(path) --format json", other)
            #expect(added.stdout == "added 1   unchanged 4   rejected 0\n")
            try await expectMarked(other)
            let again = other.issued + "/again.json"
            try await run("keys export --secrets --to \(again)", other)
            #expect(keys(try text(again)) == keys(export))
            // On disk, too.
            try await other.restart()
            let later = other.issued + "/later.json"
            try await run("keys export --secrets --to \(later)", other)
            #expect(keys(try text(later)) == keys(export))
            #expect(try await other.caller.complete(model: "v/m:free").status == 200)
            #expect(other.keysUsed == ["good"])
        }
    }

    /// The lines of an export by name, without the commas between them: ids,
    /// and with them the order, are another daemon's own.
    private func keys(_ export: String) -> [String: String] {
        let items = JSON(parsing: Array(export.utf8))?["items"]?.elements ?? []
        return Dictionary(
            uniqueKeysWithValues: items.compactMap { item in
                item["name"]?.text.map { ($0, item.encoded) }
            })
    }

    @Test(
        "without secrets it brings states and counters back to keys that are there, and to no others",
        .proves("KP-20"))
    func restored() async throws {
        let export = try await withMarkedPool { daemon in
            let path = daemon.inputs + "/states.json"
            let shown = try await run("keys export", daemon)
            for name in Self.marked.keys { #expect(!shown.stdout.contains(daemon.secret(name))) }
            try shown.stdout.write(toFile: path, atomically: true, encoding: .utf8)
            let lines = try await run("keys export limited dead -o jsonl", daemon).stdout
            #expect(lines.split(separator: "\n").count == 2)
            try await run("keys reset limited dead", daemon)
            #expect(try await states(daemon)["limited"] == "usable")
            let left = try await run("keys import \(path) --format json", daemon)
            #expect(left.stdout == "added 0   unchanged 5   rejected 0\n")
            #expect(try await states(daemon)["dead"] == "usable")
            let tried = try await run("keys import \(path) --format json --restore --dry-run", daemon)
            #expect(tried.stdout.contains("restore 2 of 5; nothing was changed"))
            #expect(try await states(daemon)["dead"] == "usable")
            let back = try await run("keys import \(path) --format json --restore", daemon)
            #expect(back.stdout == "added 0   unchanged 3   restored 2   rejected 0\n")
            try await expectMarked(daemon)
            #expect(try await run("keys export", daemon).stdout == shown.stdout)
            let last = try await run("keys history dead -o json", daemon).items.first
            #expect(last?["trigger"]?.text == "import" && last?["to"]?.text == "invalid")
            return shown.stdout
        }
        try await withDaemon(DaemonOptions(keys: [])) { (other: DaemonFixture) async throws in
            let path = other.inputs + "/states.json"
            try export.write(toFile: path, atomically: true, encoding: .utf8)
            let refused = try await run("keys import \(path) --format json", other, ends: 3)
            #expect(refused.stdout.contains("added 0   unchanged 0   rejected 5"))
            #expect(refused.stderr.contains("there is no secret, and no such key in the pool"))
        }
    }

    @Test("secrets are never shown on a terminal, no file is overwritten, and half a document is refused")
    func refused() async throws {
        try await withDaemon(DaemonOptions(keys: ["a"])) { (daemon: DaemonFixture) async throws in
            let terminal = try daemon.talk("keys", "export", "--secrets", onTerminal: true)
            let status = try await terminal.end()
            #expect(status == 64)
            #expect(terminal.shown.contains("secrets are not shown on a terminal"))
            let path = daemon.issued + "/a.json"
            try await run("keys export --secrets --to \(path) -q", daemon)
            let before = try text(path)
            #expect(before.contains(daemon.secret("a")))
            let clash = try await run("keys export --to \(path)", daemon, ends: 73)
            #expect(clash.stderr.contains("never overwritten"))
            #expect(try text(path) == before)
            let half = daemon.inputs + "/half.json"
            try String(before.dropLast(4)).write(toFile: half, atomically: true, encoding: .utf8)
            let cut = try await run("keys import \(half) --format json", daemon, ends: 65)
            #expect(cut.stderr.contains("the document ends in its middle"))
        }
    }
}
