import Foundation
import ORKTestSupport
import Testing

/// The table of `docs/security.md` held against the tests: every line of the
/// attack list that a test proves has a row, with the file of the test and
/// with its number of variants.
enum SecurityPage {
    struct Row: Hashable {
        var line: String
        var files: [String]
        var variants: Int
    }

    /// One test as its source says it.
    struct Proof: Hashable {
        var lines: [String]
        /// The number that its name begins with; 1 without one.
        var variants: Int
    }

    static func rows(of text: String) -> [Row] {
        text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
            guard cells.count == 5, let number = Int(cells[0]) else { return nil }
            let files = cells[3].split(separator: ",").map { $0.filter { !" `".contains($0) } }
            return Row(line: "B4-\(number)", files: files, variants: Int(cells[4].filter(\.isNumber)) ?? 0)
        }
    }

    static func proofs(in source: String) -> [Proof] {
        source.matches(of: /@Test\(\s*"((?:[^"\\]|\\.)*)"[^@]*?\.proves\(([^)]*)\)/).compactMap { match in
            let lines = match.2.matches(of: /B4-[0-9]+/).map { String($0.0) }
            let digits = match.1.prefix { $0.isNumber || $0 == "," }.filter(\.isNumber)
            return lines.isEmpty ? nil : Proof(lines: lines, variants: Int(digits) ?? 1)
        }
    }

    /// - Parameter tests: sources by file name without its ending.
    static func violations(of text: String, tests: [String: String]) -> [String] {
        let rows = rows(of: text)
        let proofs = tests.mapValues(proofs)
        var found = rows.isEmpty ? ["the table is empty"] : []
        for row in rows {
            for file in row.files where !(proofs[file] ?? []).contains(where: { $0.lines.contains(row.line) })
            {
                found.append("\(row.line): no test of it in \(file)")
            }
            let mine = proofs.values.joined().filter { $0.lines.contains(row.line) }
            let variants = mine.reduce(0) { $0 + $1.variants }
            if variants != row.variants {
                found.append("\(row.line): \(row.variants) variants, the tests say \(variants)")
            }
        }
        let places = proofs.flatMap { file, proofs in Set(proofs.flatMap(\.lines)).map { (file, $0) } }
        let missing = places.filter { file, line in
            !rows.contains { $0.line == line && $0.files.contains(file) }
        }
        return found + missing.map { "\($1): \($0) is not in its row" }.sorted()
    }
}

@Suite("Page of attacks")
struct SecurityPageTests {
    @Test("docs/security.md names every attack that is tested, where, and in how many variants")
    func project() throws {
        let files = try SourceTree.project("Tests").files.filter { !$0.path.hasPrefix("Tests/HouseTests/") }
        let tests = Dictionary(
            files.map { (URL(fileURLWithPath: $0.path).deletingPathExtension().lastPathComponent, $0.text) },
            uniquingKeysWith: { $0 + $1 })
        let text = try SourceTree.text("docs/security.md")
        #expect(SecurityPage.violations(of: text, tests: tests) == [])
        #expect(SecurityPage.rows(of: text).count > 25)
    }

    @Test("a planted wrong figure, a wrong file and a test without a row are found")
    func planted() {
        let text = """
            | line | attack | answer | test | variants |
            | 1 | a | 400 | `ATests` | 12 |
            | 2 | b | 400 | `BTests` | 1 |
            """
        let tests = [
            "ATests":
                #"@Test("12 things", .proves("B4-1")) func a() {} @Test("b", .proves("B4-3")) func b() {}"#,
            "CTests": "@Test(\n\"1,002 \\\"things\\\"\", .proves(\"B4-2\", \"X\"))",
        ]
        #expect(
            SecurityPage.violations(of: text, tests: tests) == [
                "B4-2: no test of it in BTests", "B4-2: 1 variants, the tests say 1002",
                "B4-2: CTests is not in its row", "B4-3: ATests is not in its row",
            ])
        #expect(SecurityPage.violations(of: "", tests: [:]) == ["the table is empty"])
    }
}
