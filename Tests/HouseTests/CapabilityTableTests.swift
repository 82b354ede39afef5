import Foundation
import ORKTestSupport
import Testing

/// `docs/capabilities.md` held against the tests: a table of id, capability,
/// state, where. `proved` means that a test carries `.proves("ID")`.
enum CapabilityTable {
    struct Row: Hashable {
        var id: String
        var state: String
    }

    static func rows(of text: String) -> [Row] {
        text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard cells.count >= 4, cells[0].wholeMatch(of: /[A-Z]{2}-[0-9]{2,3}/) != nil else { return nil }
            return Row(id: cells[0], state: cells[2].lowercased())
        }
    }

    static func violations(of text: String, proved: Set<String>) -> [String] {
        let rows = rows(of: text)
        var found = rows.isEmpty ? ["the table is empty"] : []
        let states = ["proved", "not yet", "partly"]
        for row in rows {
            if !states.contains(where: { row.state.hasPrefix($0) }) {
                found.append("\(row.id): state “\(row.state)”")
            }
            if row.state.hasPrefix("proved"), !proved.contains(row.id) {
                found.append("\(row.id): proved by no test")
            }
        }
        let listed = rows.map(\.id)
        found += Set(listed).filter { id in listed.count { $0 == id } > 1 }.sorted().map {
            "\($0): listed twice"
        }
        // Codes of other pages (K-02, T13) may be named by tests too.
        let unknown = proved.filter { $0.wholeMatch(of: /[A-Z]{2}-[0-9]{2,3}/) != nil }.subtracting(listed)
        return found + unknown.sorted().map { "\($0): a test proves it, the table does not list it" }
    }
}

@Suite("Table of capabilities")
struct CapabilityTableTests {
    @Test("what docs/capabilities.md calls proved has a test, and what tests prove is listed")
    func project() throws {
        let text = try SourceTree.text("docs/capabilities.md")
        let tests = URL(fileURLWithPath: BuiltPrograms.packageRoot + "/Tests").resolvingSymlinksInPath()
        // The guards' own examples prove nothing.
        let guards = ["HouseTests/CapabilityTableTests.swift", "HouseTests/SecurityPageTests.swift"]
        let index = try ProofIndex(directory: tests).places.filter {
            !$1.allSatisfy { guards.contains($0.file) }
        }
        #expect(CapabilityTable.violations(of: text, proved: Set(index.keys)) == [])
    }

    @Test("a planted row without a test, a double row, an odd state and an unlisted proof are found")
    func planted() {
        let text = """
            | id | capability | state | where |
            | --- | --- | --- | --- |
            | PX-01 | proxy | proved | here |
            | PX-02 | more | proved | nowhere |
            | PX-03 | later | not yet | issue 4 |
            | PX-03 | later | not yet | issue 4 |
            | PX-04 | odd | perhaps | ? |
            """
        #expect(
            CapabilityTable.violations(of: text, proved: ["PX-01", "RT-05", "K-02"]) == [
                "PX-02: proved by no test", "PX-04: state “perhaps”", "PX-03: listed twice",
                "RT-05: a test proves it, the table does not list it",
            ])
        #expect(CapabilityTable.violations(of: "no table", proved: []) == ["the table is empty"])
    }
}
