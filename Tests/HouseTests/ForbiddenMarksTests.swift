import Testing

/// What source code may not contain: traps on outside bytes (`reliability.md`
/// F10), and unfinished places without an issue.
enum ForbiddenMarks {
    /// `path: word` that is allowed all the same, with the reason.
    static let allowed: [String: String] = [:]

    static func traps(in tree: SourceTree) -> [String] {
        let marks: [(name: String, pattern: Regex<Substring>)] = [
            ("try!", /\btry!/), ("as!", /\bas!/), ("fatalError", /\bfatalError\(/),
            // An operand with a mark behind it that is no comparison.
            ("force unwrap", /[A-Za-z0-9_)\]}>"`]!(?!=)/),
        ]
        return tree.files.flatMap { file in
            let lines = SwiftText.code(of: file.text).split(separator: "\n", omittingEmptySubsequences: false)
            return lines.enumerated().compactMap { index, line -> String? in
                let found = marks.first {
                    line.contains($0.pattern) && allowed["\(file.path): \($0.name)"] == nil
                }
                return found.map { "\(file.path):\(index + 1): \($0.name)" }
            }
        }
    }

    static func unfinished(in tree: SourceTree) -> [String] {
        tree.files.flatMap { file in
            file.lines.enumerated().compactMap { index, line in
                line.contains(/\b(TODO|FIXME|XXX)\b(?!\(#[0-9]+\))/) ? "\(file.path):\(index + 1)" : nil
            }
        }
    }
}

@Suite("Forbidden marks")
struct ForbiddenMarksTests {
    @Test("no source traps on a wrong guess")
    func traps() throws {
        #expect(ForbiddenMarks.traps(in: try .project("Sources")) == [])
    }

    @Test("nothing is left unfinished without an issue number")
    func unfinished() throws {
        #expect(ForbiddenMarks.unfinished(in: try .project("Sources")) == [])
    }

    @Test("planted marks are found; comparisons, negations, comments and strings are not marks")
    func planted() {
        let source = """
            let a = try! f()
            let b = x as! Int
            fatalError("no")
            let c = list[0]!.name + d!
            if a != b, !c { e() } // try! it!
            let f = "wow!" + "\\(g!)"
            """
        #expect(
            ForbiddenMarks.traps(in: SourceTree(["S.swift": source])) == [
                "S.swift:1: try!", "S.swift:2: as!", "S.swift:3: fatalError", "S.swift:4: force unwrap",
                "S.swift:6: force unwrap",
            ])
        let notes = "// TODO: later\n// TODO(#12): later\n// FIXME\nlet x = \"XXXXXX\"\n"
        #expect(ForbiddenMarks.unfinished(in: SourceTree(["S.swift": notes])) == ["S.swift:1", "S.swift:3"])
    }
}
