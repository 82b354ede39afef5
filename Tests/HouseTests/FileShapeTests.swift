import Testing

/// Lengths of files, and the three lines that say what a folder is for.
enum FileShape {
    static let ceiling = 600
    /// Tables and fixtures, by name; each with its reason.
    static let exempt: [String: String] = [:]

    static func tooLong(in tree: SourceTree) -> [String] {
        tree.files.compactMap { file in
            let count = file.lines.count
            return count > ceiling && exempt[file.path] == nil ? "\(file.path): \(count) lines" : nil
        }
    }

    /// Folders of sources in which no file begins with three lines of comment.
    static func undescribed(in tree: SourceTree) -> [String] {
        Dictionary(grouping: tree.files, by: \.folder).filter { !$1.contains(where: describes) }.keys.sorted()
    }

    /// Test targets of which no file begins so; their inner folders follow the
    /// folders of the sources.
    static func undescribedTargets(in tree: SourceTree) -> [String] {
        let targets = Dictionary(grouping: tree.files) {
            $0.path.split(separator: "/").prefix(2).joined(separator: "/")
        }
        return targets.filter { !$1.contains(where: describes) }.keys.sorted()
    }

    private static func describes(_ file: SourceFile) -> Bool {
        file.lines.count >= 3 && file.lines.prefix(3).allSatisfy { $0.hasPrefix("// ") }
    }
}

@Suite("Shape of files")
struct FileShapeTests {
    @Test("no file is longer than 600 lines")
    func lengths() throws {
        #expect(FileShape.tooLong(in: try .project("Sources", "Tests")) == [])
    }

    @Test("every folder of the sources and every test target says what belongs there")
    func comments() throws {
        #expect(FileShape.undescribed(in: try .project("Sources")) == [])
        #expect(FileShape.undescribedTargets(in: try .project("Tests")) == [])
    }

    @Test("a planted long file and a planted silent folder are found")
    func planted() {
        let words = "// A: what.\n// Here: this.\n// May import nothing.\n"
        let tree = SourceTree([
            "Sources/A/Fine.swift": words + "let a = 1",
            "Sources/A/Other.swift": "let b = 1",
            "Sources/B/Long.swift": "// one\n" + String(repeating: "\n", count: 600),
            "Sources/A/Inner/Silent.swift": "/// doc\n/// doc\n/// doc\n",
        ])
        #expect(FileShape.tooLong(in: tree) == ["Sources/B/Long.swift: 602 lines"])
        #expect(FileShape.undescribed(in: tree) == ["Sources/A/Inner", "Sources/B"])
        #expect(FileShape.undescribedTargets(in: tree) == ["Sources/B"])
    }
}
