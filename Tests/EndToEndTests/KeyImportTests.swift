import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Many keys at once, with the built programs.
@Suite("Import of keys") struct KeyImportTests {
    private static let empty = DaemonOptions(keys: [])

    private func file(_ name: String, _ data: Data, _ daemon: DaemonFixture) throws -> String {
        let path = daemon.inputs + "/" + name
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }

    private func file(_ name: String, _ text: String, _ daemon: DaemonFixture) throws -> String {
        try file(name, Data(text.utf8), daemon)
    }

    private func counts(_ ran: Program.Ran) -> [String: Int64] {
        let names = ["lines", "added", "duplicates", "reactivated", "rejected"]
        return Dictionary(uniqueKeysWithValues: names.map { ($0, ran.json?["counts"]?[$0]?.integer ?? -1) })
    }

    private func total(_ daemon: DaemonFixture) async throws -> Int64? {
        try await daemon.control("GET", "/v1/keys?limit=1").json?["total"]?.integer
    }

    @Test(
        "blanks, comments, CRLF, a byte order mark, duplicates and a bad line; the rest is taken",
        .proves("KP-06", "SH-04"))
    func mixed() async throws {
        try await withDaemon(Self.empty) { (daemon: DaemonFixture) async throws in
            let (k1, k2, k3) = (daemon.newSecret("1"), daemon.newSecret("2"), daemon.newSecret("3"))
            let text = "\u{FEFF}\(k1)\r\n\r\n# not a key\r\n   \(k2)\t\r\ntoo-short\r\n\(k1)\r\n\(k3)"
            let path = try file("keys.txt", text, daemon)
            let rejects = daemon.issued + "/bad.txt"
            let ran = try await daemon.orkctl("keys", "import", path, "--rejects", rejects)
            #expect(ran.status == 3)
            #expect(
                ran.stdout == """
                    added 3   unchanged 0   rejected 2
                      1 × bad-format   1 × duplicate

                    """)
            #expect(ran.stderr.contains("line 5   not a key: shorter than 20 characters   [bad-format]"))
            #expect(ran.stderr.contains("line 6   duplicate of line 1   [duplicate]"))
            #expect(!ran.stderr.contains("too-short"))
            #expect(try String(contentsOfFile: rejects, encoding: .utf8) == "too-short\r\n\(k1)\r\n")
            let mode = try FileManager.default.attributesOfItem(atPath: rejects)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try await total(daemon) == 3)
            for _ in 0..<3 { #expect(try await daemon.caller.chat().status == 200) }
            // Corrected and given again, by the same command.
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: rejects, toPath: path)
            _ = try file(
                "keys.txt",
                try String(contentsOfFile: path, encoding: .utf8).replacing(
                    "too-short", with: daemon.newSecret("4")),
                daemon)
            let again = try await daemon.orkctl("keys", "import", path, "--rejects", rejects)
            #expect(again.status == 0)
            #expect(again.stdout == "added 1   unchanged 1   rejected 0\n")
            #expect(!FileManager.default.fileExists(atPath: rejects))
        }
    }

    @Test("the report has five counts and lists for programs, and no key in it", .proves("KP-07", "SH-04"))
    func report() async throws {
        try await withDaemon(Self.empty) { (daemon: DaemonFixture) async throws in
            let secrets = (1...3).map { daemon.newSecret(String($0)) }
            let path = try file("keys.txt", (secrets + ["bad", secrets[0]]).joined(separator: "\n"), daemon)
            let ran = try await daemon.orkctl("keys", "import", path, "-o", "json")
            #expect(ran.status == 3)
            #expect(ran.stderr == "")
            #expect(ran.json?["schema"]?.text == "ork.import/1")
            #expect(
                counts(ran)
                    == ["lines": 5, "added": 3, "duplicates": 0, "reactivated": 0, "rejected": 2])
            let rejections = ran.json?["rejections"]?.elements ?? []
            #expect(rejections.compactMap { $0["line"]?.integer } == [4, 5])
            #expect(rejections.compactMap { $0["code"]?.text } == ["bad-format", "duplicate"])
            let fingerprints = (ran.json?["fingerprints"]?.elements ?? []).compactMap(\.text)
            #expect(fingerprints == secrets.map { String(SHA256.hex($0.utf8).prefix(12)) })
            let lines = try await daemon.orkctl("keys", "import", path, "-o", "jsonl").stdout
            let records = lines.split(separator: "\n").map { JSON(parsing: Array($0.utf8)) }
            #expect(records.allSatisfy { $0 != nil })
            #expect(records.last??["report"]?["counts"]?["duplicates"]?.integer == 3)
        }
    }

    @Test(
        "10,000 keys are there in seconds; all in one state are removed by one command",
        .proves("KP-08", "KP-11"))
    func thousands() async throws {
        try await withDaemon(Self.empty) { (daemon: DaemonFixture) async throws in
            var random = Seed.current.generator("import of 10,000")
            let text = (0..<10_000).map { _ in
                "sk-or-v1-" + Self.hexadecimal(&random) + "\n"
            }.joined()
            let path = try file("keys.txt", text, daemon)
            let ran = try await daemon.orkctl("keys", "import", path, "-o", "json")
            #expect(ran.status == 0)
            #expect(counts(ran)["added"] == 10_000)
            #expect(ran.duration < .seconds(10))
            let again = try await daemon.orkctl("keys", "import", path, "-o", "json")
            #expect(again.status == 0)
            #expect(
                counts(again)
                    == ["lines": 10_000, "added": 0, "duplicates": 10_000, "reactivated": 0, "rejected": 0])
            // No adapter knows this provider, so these keys can serve nobody.
            let dead = try file("dead.txt", (1...20).map { "none-of-openrouters-\($0)\n" }.joined(), daemon)
            try await daemon.orkctl("keys", "import", dead, "--provider", "nobody")
            #expect(try await total(daemon) == 10_020)
            let pruned = try await daemon.orkctl("keys", "prune", "--state", "invalid", "--yes", "-o", "json")
            #expect(pruned.status == 0)
            #expect(pruned.items.count == 20)
            #expect(try await total(daemon) == 10_000)
            let guarded = try await daemon.orkctl("keys", "prune", "--state", "usable", "--yes")
            #expect(guarded.status == 6)
            let all = try await daemon.orkctl(
                "keys", "prune", "--state", "usable", "--yes", "-q", "--max", "none", "--timeout", "2m")
            #expect(all.status == 0 && all.stdout == "")
            #expect(try await total(daemon) == 0)
        }
    }

    @Test("a dry run tells the counts and the fingerprints and leaves the pool as it is", .proves("KP-09"))
    func dryRun() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let (new, known) = (daemon.newSecret("new"), daemon.secret("a"))
            let path = try file("keys.txt", "\(new)\n\(known)\nbad\n", daemon)
            let ran = try await daemon.orkctl("keys", "import", path, "--dry-run")
            #expect(ran.status == 3)
            #expect(
                ran.stdout.hasPrefix("would add 1, leave 1 unchanged, reject 1 of 3; nothing was changed\n"))
            let report = try await daemon.orkctl("keys", "import", path, "-n", "-o", "json")
            #expect(report.json?["dry_run"]?.isTrue == true)
            #expect(
                report.json?["fingerprints"]?.elements?.compactMap(\.text)
                    == [String(SHA256.hex(new.utf8).prefix(12))])
            #expect(try await total(daemon) == 1)
            let real = try await daemon.orkctl("keys", "import", path, "-o", "json")
            #expect(counts(real) == counts(report))
            #expect(try await total(daemon) == 2)
        }
    }

    @Test(
        "duplicates are counted apart; only when asked does a disabled key come back",
        .proves("KP-11", "K-09"))
    func reactivate() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let path = try file("keys.txt", daemon.secret("a") + "\n", daemon)
            try await daemon.orkctl("keys", "disable", "a")
            let plain = try await daemon.orkctl("keys", "import", path)
            #expect(plain.status == 0)
            #expect(plain.stdout == "added 0   unchanged 1   rejected 0\n")
            #expect(try await daemon.key("a")["state"]?.text == "disabled")
            let asked = try await daemon.orkctl("keys", "import", path, "--reactivate", "-o", "json")
            #expect(counts(asked)["reactivated"] == 1)
            #expect(try await daemon.key("a")["state"]?.text == "usable")
        }
    }

    @Test("stdin, several files, and files that cannot be read", .proves("SH-04"))
    func sources() async throws {
        try await withDaemon(Self.empty) { (daemon: DaemonFixture) async throws in
            let (k1, k2, k3) = (daemon.newSecret("1"), daemon.newSecret("2"), daemon.newSecret("3"))
            let piped = try await daemon.orkctl("keys", "import", "-", "-q", stdin: k1)
            #expect(piped.status == 0 && piped.stdout == "" && piped.stderr == "")
            let one = try file("one.txt", k2 + "\n", daemon)
            let two = try file("two.txt", k3 + "\nbad\n", daemon)
            let several = try await daemon.orkctl("keys", "import", one, two, "-o", "json")
            #expect(several.status == 3)
            #expect(several.items.compactMap { $0["counts"]?["added"]?.integer } == [1, 1])
            #expect(try await total(daemon) == 3)
            #expect(try await daemon.orkctl("keys", "import", daemon.inputs + "/nosuch").status == 66)
            #expect(try await daemon.orkctl("keys", "import", daemon.inputs).status == 66)
            let nothing = try await daemon.orkctl("keys", "import", "-", "-o", "json", stdin: "")
            #expect(nothing.status == 0)
            #expect(counts(nothing)["lines"] == 0)
        }
    }

    @Test("a binary file is counted line by line, and a key in it is taken", .proves("KP-06"))
    func binary() async throws {
        try await withDaemon(Self.empty) { (daemon: DaemonFixture) async throws in
            var random = Seed.current.generator("binary file")
            for round in 0..<5 {
                let head: [UInt8] = [[0x7F, 0x45, 0x4C, 0x46, 0x2C], [0x7B], [0x22], [0x50, 0x4B], []][round]
                var bytes = Data(head)
                for _ in 0..<8192 { withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) } }
                bytes += Data("\n\(daemon.newSecret("k\(round)"))\n".utf8)
                let ran = try await daemon.orkctl(
                    "keys", "import", file("binary", bytes, daemon), "-o", "json")
                #expect(ran.status == 3, "\(Seed.current)")
                let counts = counts(ran)
                #expect(counts["added"] == 1, "\(Seed.current)")
                #expect(counts["lines"] == 1 + (counts["rejected"] ?? 0))
                #expect(ran.json?["counts"]?["bytes"]?.integer == Int64(bytes.count))
            }
        }
    }

    @Test("a line of 200 MB is one rejection and takes no memory")
    func hugeLine() async throws {
        try await withDaemon(Self.empty) { (daemon: DaemonFixture) async throws in
            let path = try file("huge.txt", daemon.newSecret("1") + "\n", daemon)
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            // A hole: nothing is written for it.
            try handle.seek(toOffset: 200_000_000)
            try handle.write(contentsOf: Data("\n\(daemon.newSecret("2"))\n".utf8))
            try handle.close()
            let before = try peak(daemon)
            let ran = try await daemon.orkctl("keys", "import", path, "-o", "json")
            #expect(ran.status == 3)
            #expect(counts(ran)["added"] == 2)
            #expect(ran.json?["rejections"]?.elements?.compactMap { $0["line"]?.integer } == [2])
            #expect(try peak(daemon) - before < 16 << 20)
        }
    }

    /// The largest resident size so far, in bytes.
    private func peak(_ daemon: DaemonFixture) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(daemon.pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) * 1024
    }

    private static func hexadecimal(_ random: inout some RandomNumberGenerator) -> String {
        (0..<4).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
