import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Every verb of `orkctl`, without a terminal, with `-o json`, twice in a row.
@Suite("Every verb") struct EveryVerbTests {
    @Test("verbs that look", .proves("SH-03", "SH-08"))
    func observe() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let reply = try await daemon.caller.chat()
            let id = try #require(reply.value("ork-request"))
            try await run(VerbTable.observe, on: daemon, replacing: ["ID": id])
        }
    }

    @Test("verbs that operate", .proves("SH-03", "SH-08"))
    func operate() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let bad = daemon.inputs + "/bad.toml"
            try Data("[proxy]\nlisen = \"127.0.0.1:1\"\n".utf8).write(to: URL(fileURLWithPath: bad))
            try await run(VerbTable.operate, on: daemon, replacing: ["GOOD": daemon.configFile, "BAD": bad])
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("verbs of keys", .proves("SH-03", "SH-08"))
    func keys() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let file = daemon.inputs + "/keys.txt"
            try Data("\(daemon.newSecret("i"))\nbad\n".utf8).write(to: URL(fileURLWithPath: file))
            try await run(VerbTable.keys, on: daemon, replacing: ["FILE": file])
            #expect(
                try await daemon.orkctl("keys", "list", "-o", "name", "--filter", "name~a*").stdout == "a\n")
        }
    }

    @Test("verbs of clients", .proves("SH-03", "SH-08"))
    func clients() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await run(VerbTable.clients, on: daemon)
            #expect(try await daemon.orkctl("clients", "list", "-o", "name").stdout == "test\n")
        }
    }

    @Test("verbs of users", .proves("SH-03", "SH-08"))
    func users() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await run(VerbTable.users, on: daemon)
            #expect(try await daemon.orkctl("users", "list", "-o", "name").stdout == "")
        }
    }

    @Test("verbs of pools", .proves("SH-03", "SH-08"))
    func pools() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await run(VerbTable.pools, on: daemon)
            #expect(try await daemon.orkctl("pools", "list", "-o", "name").stdout == "default\n")
        }
    }

    @Test("verbs of accounts", .proves("SH-03", "SH-08"))
    func accounts() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await run(VerbTable.accounts, on: daemon)
            #expect(try await daemon.orkctl("accounts", "list", "-o", "name").stdout == "user_a\n")
        }
    }

    @Test("verbs of quotas", .proves("SH-03", "SH-08"))
    func quota() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await run(VerbTable.quota, on: daemon)
        }
    }

    @Test("verbs of models", .proves("SH-03", "SH-08"))
    func models() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await run(VerbTable.models, on: daemon)
        }
    }

    @Test("verbs of limits", .proves("SH-03", "SH-08"))
    func limits() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await run(VerbTable.limits, on: daemon)
        }
    }

    @Test("verbs of budgets", .proves("SH-03", "SH-08"))
    func budgets() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await run(VerbTable.budgets, on: daemon)
        }
    }

    @Test("the tables leave no verb out")
    func complete() async throws {
        let orkctl = Program(try BuiltPrograms.path("orkctl"), environment: [:])
        let dump = try await orkctl.run(["--experimental-dump-help"])
        let command = try #require(dump.json?["command"])
        let covered = Set(VerbTable.all.map(\.verb))
        // Their output is a script for a shell, and that of other verbs.
        let verbs = Set(Self.leaves(of: command)).subtracting(["completion", "shell"])
        #expect(verbs.subtracting(covered) == [])
        #expect(verbs.count > 30)
    }

    @Test("without a daemon: 69 and what to do; what needs none works", .proves("SH-08"))
    func absent() async throws {
        let orkctl = Program(try BuiltPrograms.path("orkctl"), environment: ["PATH": "/usr/bin:/bin"])
        let words = ["ID": "1jq3k9x2m0a0r", "GOOD": "/dev/null", "BAD": "/dev/null", "FILE": "/dev/null"]
        let none = ["--socket", "/nonexistent/orkd.sock", "-o", "json"]
        var seen: Set<String> = []
        for entry in VerbTable.all where seen.insert(entry.verb).inserted {
            let yes = entry.words.contains("--yes") ? [] : ["--yes"]
            let ran = try await orkctl.run(
                entry.words.map { words[$0] ?? $0 } + yes + none,
                stdin: Data((Canary.upstreamKey("absent").plain + "\n").utf8))
            // Down is an answer, and one's own version is known without anybody.
            let offline: [String: Int32] = ["health": 2, "version": 0]
            #expect(ran.status == offline[entry.verb] ?? 69, "\(entry.words): \(ran.stderr)")
            guard ran.status == 69 else { continue }
            #expect(ran.failure?["code"]?.text == "daemon-absent", "\(entry.words)")
            #expect(ran.failure?["hint"]?.text?.hasPrefix("start it:") == true)
            #expect(ran.failure?["exit"]?.integer == 69)
            #expect(ran.stdout == "")
        }
        #expect(try await orkctl.run(["explain", "no-upstream-key"] + none).status == 0)
        let person = try await orkctl.run(["status"] + none.prefix(2))
        #expect(person.status == 69)
        #expect(
            person.stderr.contains(
                "no daemon: there is no socket at /nonexistent/orkd.sock   [daemon-absent]"))
        #expect(person.stderr.contains("\n  hint: start it:"))
    }

    /// Runs every entry twice.
    private func run(_ table: [VerbTable.Entry], on daemon: DaemonFixture, replacing: [String: String] = [:])
        async throws
    {
        var secrets: [String: String] = [:]
        for entry in table {
            let words = entry.words.map { replacing[$0] ?? $0 } + ["-o", "json"]
            var input: Data?
            if let key = entry.secret {
                secrets[key] = secrets[key] ?? daemon.newSecret(key)
                input = secrets[key].map { Data(($0 + "\n").utf8) }
            }
            for (turn, expected) in [entry.first, entry.again].enumerated() {
                let ran = try await daemon.orkctl(words, stdin: input, mayIssue: entry.issues)
                let place = Comment(rawValue: "\(entry.words), run \(turn + 1): \(ran.stderr)")
                #expect(ran.status == expected.exit, place)
                #expect(!(ran.stdout + ran.stderr).contains("\u{1B}"), place)
                if expected.isFailure {
                    #expect(ran.stdout == "", place)
                    #expect(ran.failure?["exit"]?.integer == Int64(expected.exit), place)
                } else {
                    #expect(ran.json != nil, place)
                    #expect(ran.stderr == "", place)
                }
                guard let outcome = expected.outcome else { continue }
                let change = ran.items.first
                #expect(change?["outcome"]?.text == outcome, place)
                #expect(change?["changed"]?.isTrue == (outcome != "unchanged"), place)
            }
        }
    }

    /// The paths of all verbs below a command of the parser's dump.
    private static func leaves(of command: JSON, under path: [String] = []) -> [String] {
        let inner = (command["subcommands"]?.elements ?? []).filter { $0["commandName"]?.text != "help" }
        guard !inner.isEmpty else { return [path.joined(separator: " ")] }
        return inner.flatMap { leaves(of: $0, under: path + [$0["commandName"]?.text ?? ""]) }
    }
}
