import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Who changed what, asked of the built daemon.
@Suite("Audit") struct AuditTests {
    private func run(
        _ line: String, on daemon: DaemonFixture, secret: String? = nil, mayIssue: Bool = false
    ) async throws -> Program.Ran {
        let words = line.split(separator: " ").map(String.init)
        let ran = try await daemon.orkctl(
            words, stdin: secret.map { Data(($0 + "\n").utf8) }, mayIssue: mayIssue)
        #expect(ran.status == 0, "\(line): \(ran.stderr)")
        return ran
    }

    private func actions(_ line: String, on daemon: DaemonFixture) async throws -> [String] {
        try await run(line + " --limit none -o json", on: daemon).items.compactMap { $0["action"]?.text }
    }

    @Test(
        "each change of a pool key and of a client key is one row with who, what, old and new",
        .proves("EN-05"))
    func changes() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            _ = try await run("keys add k", on: daemon, secret: daemon.newSecret("k"))
            _ = try await run("keys set k --weight 3", on: daemon)
            _ = try await run("keys set k --weight 3", on: daemon)
            _ = try await run("keys set k --weight 4 --dry-run", on: daemon)
            _ = try await run("keys disable k --reason leaked", on: daemon)
            _ = try await run("keys rotate k --yes", on: daemon, secret: daemon.newSecret("k2"))
            _ = try await run("keys remove k --yes", on: daemon)
            #expect(
                try await actions("audit --target k --actor \(getuid())", on: daemon)
                    == ["keys.remove", "keys.rotate", "keys.disable", "keys.set", "keys.add"])
            let set = try await run("audit --target k --action keys.set -o json", on: daemon)
            let row = try #require(set.items.first)
            #expect(row["change"]?.text == "weight 1 → 3")
            #expect(row["fields"]?.elements?.first?["before"]?.text == "1")
            #expect(row["fields"]?.elements?.first?["after"]?.text == "3")
            #expect(row["actor"]?.text == "uid \(getuid())")
            let rotated = try await run("audit --target k --action keys.rotate -o json", on: daemon)
            let field = rotated.items.first?["fields"]?.elements?.first { $0["field"]?.text == "fingerprint" }
            #expect(field?["before"]?.text?.count == 12)
            #expect(field?["before"]?.text != field?["after"]?.text)

            _ = try await run("clients add c --note x -q", on: daemon, mayIssue: true)
            _ = try await run("clients set c --note y", on: daemon)
            _ = try await run("clients remove c --yes", on: daemon)
            #expect(
                try await actions("audit --target c", on: daemon)
                    == ["clients.remove", "clients.set", "clients.add"])
        }
    }

    /// Rows about sealed secrets that were opened, the newest first.
    private func accesses(_ line: String = "", on daemon: DaemonFixture) async throws -> [String] {
        let rows = try await run("audit --action keys.access --limit none -o json" + line, on: daemon).items
        return rows.map { row in
            let cells = ["actor", "target", "change"].map { row[$0]?.text ?? "" }
            return "\(cells[0]) \(cells[1]): \(cells[2])"
        }
    }

    @Test(
        "whenever sealed keys are opened a row says why, how many and for whom, and asking adds none",
        .proves("EN-04"))
    func access() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            let me = "uid \(getuid())"
            // A key that comes in is sealed, not opened; a request takes what is in memory.
            #expect(try await daemon.caller.chat().status == 200)
            #expect(try await accesses(on: daemon) == [])
            _ = try await run("keys test a", on: daemon)
            #expect(try await accesses(on: daemon) == ["\(me) 1 key: key a, reason test, times 1"])
            _ = try await run("keys export --to \(daemon.issued)/without.json", on: daemon)
            _ = try await run("keys export --secrets --to \(daemon.issued)/with.json", on: daemon)
            _ = try await run("keys rotate b --yes", on: daemon, secret: daemon.newSecret("b2"))
            #expect(
                try await accesses(on: daemon).prefix(2) == [
                    "\(me) 2 keys: reason export, times 2", "\(me) 1 key: key b, reason change, times 1",
                ])
            // What was not asked for before the end is there after it, and the start has its own.
            _ = try await run("keys test b", on: daemon)
            try await daemon.restart()
            let all = try await accesses(on: daemon)
            #expect(
                all.prefix(2) == [
                    "orkd 2 keys: reason start, times 2", "\(me) 1 key: key b, reason test, times 1",
                ])
            #expect(all.count == 5)
            #expect(try await accesses(on: daemon) == all)
            #expect(try await accesses(" --actor orkd", on: daemon).count == 1)
        }
    }

    @Test("the trail is asked by time, action, actor and name, and survives a restart", .proves("EN-07"))
    func query() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for name in ["a1", "a2", "b1"] {
                _ = try await run("pools add \(name)", on: daemon)
            }
            _ = try await run("config set strategy lru", on: daemon)
            let own = ["config.set", "pools.add", "pools.add", "pools.add"]
            #expect(
                try await actions("audit --since -1h", on: daemon).prefix(4) == own[...])
            #expect(try await actions("audit --until -1h", on: daemon) == [])
            #expect(try await actions("audit --action pools.*", on: daemon).count == 3)
            #expect(try await actions("audit --action pools.* --target a?", on: daemon).count == 2)
            #expect(try await actions("audit --actor orkd --action pools.*", on: daemon) == [])
            #expect(try await actions("audit --actor \(getuid()) --action pools.*", on: daemon).count == 3)
            let some = try await run("audit --limit 2 -o name", on: daemon)
            #expect(some.stdout.split(separator: "\n").count == 2)
            try await daemon.restart()
            let csv = try await run("audit --action pools.* --columns action,target -o csv", on: daemon)
            #expect(csv.stdout == "action,target\npools.add,b1\npools.add,a2\npools.add,a1\n")
            let foreign = try await daemon.orkctl("audit", "--actor", "nobody of ours")
            #expect(foreign.status == 64)
        }
    }
}
