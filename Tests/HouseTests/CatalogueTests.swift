import ORKit
import Testing

/// The texts that every error code must have.
enum CatalogueTexts {
    /// Exit codes of cli.md 7 that a code may map to.
    static let exits: Set<Int32> = [
        0, 1, 2, 3, 4, 5, 6, 64, 65, 66, 69, 70, 73, 74, 75, 76, 77, 78, 124, 130,
    ]

    static func violations(of name: String, _ entry: CatalogueEntry) -> [String] {
        var found: [String] = []
        if entry.title.isEmpty || entry.title == name || entry.title.hasSuffix(".")
            || entry.title.contains("\n")
        {
            found.append("\(name): title")
        }
        if entry.text.split(separator: " ").count < 5 || !entry.text.hasSuffix(".") {
            found.append("\(name): text")
        }
        if entry.hints.count > 2 || entry.hints.contains(where: \.isEmpty) { found.append("\(name): hints") }
        if !(100...599).contains(entry.status) { found.append("\(name): status") }
        if !exits.contains(entry.exit) { found.append("\(name): exit") }
        return found
    }
}

@Suite("Catalogue of codes")
struct CatalogueTests {
    @Test("every code has a title, a text, at most two hints, a status and an exit code of the list")
    func complete() {
        #expect(ErrorCode.allCases.flatMap { CatalogueTexts.violations(of: $0.rawValue, $0.entry) } == [])
    }

    @Test("a planted empty entry is found")
    func planted() {
        let empty = CatalogueEntry(
            "x", scope: .daemon, status: 0, exit: 99, text: "", hints: ["a", "b", "c"])
        #expect(
            CatalogueTexts.violations(of: "x", empty) == [
                "x: title", "x: text", "x: hints", "x: status", "x: exit",
            ])
    }
}
