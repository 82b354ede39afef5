import Foundation
import ORKTestSupport
import Testing

@testable import orkd

/// The manual of the settings and `.env.example`, held against the table.
enum SettingsManual {
    /// An entry begins `.TP` and `.B name`; up to the next it must state the
    /// type, the default, the variables, and whether it is changeable.
    static func violations(of page: String, settings: [Setting] = SettingsTable.all) -> [String] {
        var entries: [String: String] = [:]
        var current = ""
        for line in plain(page).split(separator: "\n") {
            if line.hasPrefix(".S") { current = "" }
            if line.hasPrefix(".B "), line.dropFirst(3).contains("."), !line.contains(" = ") {
                current = String(line.dropFirst(3))
            }
            if !current.isEmpty { entries[current, default: ""] += line + "\n" }
        }
        var found = entries.keys.filter { name in !settings.contains { $0.name == name } }.map {
            "\($0): no setting"
        }
        for setting in settings {
            guard let entry = entries[setting.name] else {
                found.append("\(setting.name): no entry")
                continue
            }
            let standard = setting.standard.isEmpty ? "empty" : setting.standard
            var wanted = ["Type: \(setting.type).", "Default: \(standard).", setting.summary]
            wanted.append("Changeable while running: \(setting.changeable ? "yes" : "no").")
            wanted += setting.variables.map(\.name)
            found += wanted.filter { !entry.contains($0) }.map { "\(setting.name): lacks “\($0)”" }
        }
        return found.sorted()
    }

    /// Names of variables at the beginning of lines, commented out or not.
    static func violations(ofExample text: String, known: Set<String> = EnvironmentLayer.known) -> [String] {
        let listed = Set(
            text.split(separator: "\n").compactMap { line in
                line.firstMatch(of: /^#?([A-Z][A-Z0-9_]*)=/).map { String($0.1) }
            })
        let others = listed.subtracting(known).filter { ForeignVariables.remark(about: [$0]) == nil }
        return known.subtracting(listed).sorted().map { "\($0): not listed" }
            + others.sorted().map { "\($0): not a variable" }
    }

    /// What a reader sees: escapes of roff resolved.
    private static func plain(_ page: String) -> String {
        [("\\-", "-"), ("\\(lq", "“"), ("\\(rq", "”"), ("\\&", ""), ("\\(aq", "'")].reduce(page) {
            $0.replacingOccurrences(of: $1.0, with: $1.1)
        }
    }
}

@Suite("Manual of the settings")
struct ManualTests {
    @Test("every setting has an entry in orkd.toml(5) with type, default and variables, and nothing else has")
    func settings() throws {
        let found = SettingsManual.violations(of: try SourceTree.text("man/orkd.toml.5"))
        #expect(found == [])
    }

    @Test(".env.example lists every variable and no other")
    func example() throws {
        #expect(SettingsManual.violations(ofExample: try SourceTree.text(".env.example")) == [])
    }

    @Test("orkd(8) names every variable that is not a setting, and every signal")
    func daemon() throws {
        let page = try SourceTree.text("man/orkd.8").replacingOccurrences(of: "\\-", with: "-")
        let words =
            SecretVariables.names + [
                "ORKD_CONFIG", "HOST", "PORT", "SIGTERM", "SIGINT", "SIGHUP", "NOTIFY_SOCKET",
            ]
        #expect(words.filter { !page.contains($0) } == [])
    }

    @Test(
        "the pages are clean roff", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/man"))
    )
    func roff() async throws {
        let directory = BuiltPrograms.packageRoot + "/man"
        let man = Program(
            "/usr/bin/man", environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"])
        let pages = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        #expect(!pages.isEmpty)
        for page in pages {
            let ran = try await man.run(["--warnings", "-E", "UTF-8", "-l", directory + "/" + page])
            #expect(ran.status == 0 && ran.stderr == "", "\(page)")
        }
    }

    @Test("planted gaps are found")
    func planted() {
        let setting = Setting("pool.attempts", \.pool.attempts, .count(1...10), "Attempts.")
        let entry = """
            .TP
            .B pool.attempts
            Attempts.
            Type: integer, 1 to 10.
            Default: 3.
            Changeable while running: no.
            .B ORKD_POOL_ATTEMPTS
            """
        #expect(SettingsManual.violations(of: entry, settings: [setting]) == [])
        #expect(
            SettingsManual.violations(
                of: entry.replacingOccurrences(of: "Default: 3", with: "Default: 4") + "\n.TP\n.B no.such\n",
                settings: [setting])
                == ["no.such: no setting", "pool.attempts: lacks “Default: 3.”"])
        #expect(SettingsManual.violations(of: "", settings: [setting]) == ["pool.attempts: no entry"])
        #expect(
            SettingsManual.violations(ofExample: "# A comment\nB=1\n#REDIS_URL=x\n", known: ["A"])
                == ["A: not listed", "B: not a variable"])
    }
}
