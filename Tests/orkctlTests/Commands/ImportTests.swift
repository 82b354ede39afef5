import Foundation
import Glibc
import ORKit
import Testing

@Suite("keys import")
struct ImportTests {
    private static func counts(_ lines: Int, added: Int, duplicates: Int = 0, rejected: Int = 0)
        -> ImportCounts
    {
        var counts = ImportCounts()
        counts.lines = lines
        counts.added = added
        counts.duplicates = duplicates
        counts.rejected = rejected
        return counts
    }

    private static func report(_ counts: ImportCounts, _ lines: [Int] = [], dryRun: Bool = false) -> String {
        let rejections = lines.map { ImportRejection(line: $0, code: .badFormat, message: "not a key") }
        return Samples.json(
            ImportRecord.report(
                ImportReport(
                    counts: counts, dryRun: dryRun, rejections: rejections, fingerprints: ["0a1b2c3d4e5f"],
                    milliseconds: 12)))
    }

    private static func rejected(_ line: Int) -> String {
        Samples.json(
            ImportRecord.rejected(ImportRejection(line: line, code: .badFormat, message: "not a key")))
    }

    private static func stream(_ early: [String], _ last: String) throws -> FakeDaemon {
        try FakeDaemon([.init(expect: "POST /v1/keys/import", body: last, early: early)])
    }

    @Test("a file goes up in one request, whatever it holds, and the counts come back [KP-06] [KP-11]")
    func whole() throws {
        let text = "# ours\r\n\n" + (0..<5000).map { "sk-or-v1-\($0)-aaaaaaaaaaaaaaaaaaaa\r\n" }.joined()
        let file = try TemporaryDirectory.file(text)
        let progress = Samples.json(ImportRecord.progress(Self.counts(100, added: 100)))
        let daemon = try Self.stream([progress], Self.report(Self.counts(5000, added: 4990, duplicates: 10)))
        let ran = try orkctl(
            "keys", "import", file, "--provider", "openrouter", "--tag", "a=1", "--tags", "b=2,c=3",
            "--reactivate",
            "--format", "lines", daemon: daemon)
        #expect(ran.code == 0 && ran.out == "added 4990   unchanged 10   rejected 0\n" && ran.err.isEmpty)
        #expect(daemon.calls.first?.body == text)
        #expect(
            daemon.calls.first?.line
                == "POST /v1/keys/import?format=lines&provider=openrouter&tags=a%3D1%2Cb%3D2%2Cc%3D3&reactivate=true"
        )
    }

    @Test("rejected lines are named by number, counted by code, and the exit is 3 [SH-04]")
    func partial() throws {
        let lines = Array(2...13)
        let daemon = try Self.stream(
            lines.map(Self.rejected), Self.report(Self.counts(20, added: 8, rejected: 12), lines))
        let ran = try orkctl("keys", "import", "-", daemon: daemon, input: "sk-or-v1-x\n")
        #expect(ran.code == 3 && ran.out == "added 8   unchanged 0   rejected 12\n  12 × bad-format\n")
        #expect(
            ran.err.hasPrefix("line 2   not a key   [bad-format]\n")
                && ran.err.hasSuffix("and 2 more lines\n"))
    }

    private static func checkedReport() -> String {
        var checks = ImportChecks()
        (checks.valid, checks.accounts, checks.freeTier, checks.spent) = (5, 3, 1, 1)
        (checks.expiring, checks.management, checks.duplicates) = (1, 1, 2)
        var counts = counts(8, added: 5, duplicates: 2, rejected: 1)
        counts.bytes = 99
        return Samples.json(
            ImportRecord.report(
                ImportReport(
                    counts: counts, dryRun: false,
                    rejections: [ImportRejection(line: 3, code: .managementKey, message: "no")],
                    fingerprints: [], milliseconds: 12, checks: checks)))
    }

    @Test("what the upstream said is counted by class, in words, as JSON and as columns")
    func checked() throws {
        let call = ["keys", "import", "-", "--check", "--pool", "free"]
        let text = try orkctl(call, daemon: Self.stream([], Self.checkedReport()), input: "k\n")
        #expect(
            text.out == """
                added 5   unchanged 2   rejected 1
                  1 × management-key
                checked: valid 5   accounts 3   free tier 1   limit used up 1   expiring within 7 days 1   \
                management keys 1   duplicates 2

                """)
        let daemon = try Self.stream([], Self.checkedReport())
        let json = try orkctl(call + ["-o", "json"], daemon: daemon, input: "k\n")
        #expect(json.out.contains("free_tier") && json.out.contains("management"))
        #expect(daemon.calls.first?.line == "POST /v1/keys/import?pool=free&check=true")
        let table = try orkctl(
            call + ["-o", "csv"], daemon: Self.stream([], Self.checkedReport()), input: "k\n")
        #expect(
            table.out == """
                lines,added,unchanged,reactivated,restored,rejected,bytes,valid,accounts,free-tier,spent,\
                expiring,limited,expired,management,key-rejected,unreachable,duplicates
                8,5,2,0,0,1,99,5,3,1,1,1,0,0,1,0,0,2

                """)
        let plain = try orkctl(
            "keys", "import", "-", "-o", "csv",
            daemon: Self.stream([], Self.report(Self.counts(1, added: 1))),
            input: "k\n")
        #expect(plain.out == "lines,added,unchanged,reactivated,restored,rejected,bytes\n1,1,0,0,0,0,0\n")
    }

    @Test("--rejects holds the rejected lines as they were, the head of a CSV too")
    func rejects() throws {
        let long = String(repeating: "x", count: 200_000)
        let file = try TemporaryDirectory.file("name,secret\na,one\nb,\(long)\nc,three\nd,four")
        let path = try TemporaryDirectory.make() + "/bad.csv"
        let lines = [3, 5]
        let daemon = try Self.stream(
            lines.map(Self.rejected), Self.report(Self.counts(4, added: 2, rejected: 2), lines))
        let ran = try orkctl("keys", "import", file, "--rejects", path, daemon: daemon)
        #expect(ran.code == 3)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "name,secret\nb,\(long)\nd,four")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test("no file of rejects stays when there are none; stdin cannot have one")
    func noRejects() throws {
        let file = try TemporaryDirectory.file("a\n")
        let path = try TemporaryDirectory.make() + "/bad"
        let daemon = try Self.stream([], Self.report(Self.counts(1, added: 1)))
        #expect(try orkctl("keys", "import", file, "--rejects", path, daemon: daemon).code == 0)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try orkctl("keys", "import", "-", "--rejects", path).code == 64)
    }

    @Test("a dry run says what would be [KP-09]")
    func dryRun() throws {
        let counts = Self.counts(217, added: 212, duplicates: 3, rejected: 2)
        let daemon = try Self.stream([], Self.report(counts, [41, 198], dryRun: true))
        let ran = try orkctl("keys", "import", "-", "--dry-run", daemon: daemon)
        #expect(ran.code == 3)
        #expect(ran.out.hasPrefix("would add 212, leave 3 unchanged, reject 2 of 217; nothing was changed\n"))
        #expect(daemon.calls.first?.line == "POST /v1/keys/import?dry_run=true")
    }

    @Test("reports for programs: json, jsonl as it happens, and nothing with -q [KP-07]")
    func machine() throws {
        func run(_ more: String...) throws -> Ran {
            let daemon = try Self.stream(
                [Self.rejected(2)], Self.report(Self.counts(2, added: 1, rejected: 1), [2]))
            return try orkctl(["keys", "import", "-"] + more, daemon: daemon)
        }
        let json = try run("-o", "json")
        #expect(json.code == 3 && json.err.isEmpty && json.out.contains(#""schema" : "ork.import/1""#))
        let lines = try run("-o", "jsonl").out.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].contains(#""rejected""#) && lines[1].contains(#""report""#))
        let quiet = try run("-q")
        #expect(quiet.code == 3 && quiet.out.isEmpty && quiet.err.isEmpty)
    }

    @Test("several files go up one after the other [SH-04]")
    func several() throws {
        let files = try (0..<2).map { try TemporaryDirectory.file("k\($0)\n") }
        let answer = Self.report(Self.counts(1, added: 1))
        let daemon = try FakeDaemon(files.map { _ in .init(expect: "POST /v1/keys/import", body: answer) })
        let ran = try orkctl(["keys", "import"] + files, daemon: daemon)
        #expect(ran.code == 0 && daemon.calls.map(\.body) == ["k0\n", "k1\n"])
    }

    @Test("what cannot be read is said before anything is sent")
    func unreadable() throws {
        let daemon = try FakeDaemon()
        let ran = try orkctl("keys", "import", "/nonexistent/keys.txt", daemon: daemon)
        #expect(ran.code == 66 && ran.err.contains("[input-unreadable]") && daemon.calls.isEmpty)
        #expect(try orkctl("keys", "import", "/tmp", daemon: daemon).code == 66)
    }

    @Test("the daemon's refusal in the middle of an upload is what is told")
    func refused() throws {
        let file = try TemporaryDirectory.file(String(repeating: "x", count: 3_000_000))
        let daemon = try FakeDaemon([
            .init(expect: "POST /v1/keys/import", status: 503, body: Samples.error(.draining))
        ])
        #expect(try orkctl("keys", "import", file, daemon: daemon).code == 75)
    }

    @Test("a connection that ends without a report is an error that says how to go on")
    func cut() throws {
        let daemon = try FakeDaemon([.init(expect: "POST /v1/keys/import", body: "", isSilent: true)])
        let ran = try orkctl("keys", "import", "-", daemon: daemon, input: "k\n")
        #expect(ran.code == 69 && ran.err.contains("[daemon-absent]"))
    }

    @Test("an error that comes after the records is the one that is told")
    func lateError() throws {
        let daemon = try Self.stream(
            [Self.rejected(2)], Samples.error(.storageUnavailable, "the disk is full") + "\n")
        let ran = try orkctl("keys", "import", "-", daemon: daemon, input: "k\n")
        #expect(ran.code == 75 && ran.err.contains("the disk is full   [storage-unavailable]"))
    }

    @Test("Ctrl-C prints the counts and exits 130")
    func interrupted() throws {
        let progress = Samples.json(ImportRecord.progress(Self.counts(7, added: 7)))
        let daemon = try FakeDaemon([
            .init(expect: "POST /v1/keys/import", body: "", early: [progress], isStalled: true)
        ])
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let directory = try TemporaryDirectory.make()
        let child = try spawn(
            [Program.path, "keys", "import", "-", "-o", "jsonl"], environment: ["ORKD_SOCKET": daemon.socket],
            streams: [
                .descriptor(ends[0]), .file(directory + "/out", O_WRONLY | O_CREAT),
                .file(directory + "/err", O_WRONLY | O_CREAT),
            ])
        _ = Glibc.write(ends[1], "k\n", 2)
        // The call has begun, so what Ctrl-C does is in place.
        #expect(daemon.isCalled())
        kill(child, SIGINT)
        #expect(try wait(for: child) == 130)
        #expect(try String(contentsOfFile: directory + "/err", encoding: .utf8).contains("interrupted"))
    }
}
