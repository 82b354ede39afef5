import Testing

/// Swift source with comments and string contents blanked out, line by line
/// the same length in lines. Enough for guards that look for words of code.
enum SwiftText {
    static func code(of source: String) -> String {
        var scan = Scan(source)
        scan.code(until: nil)
        return String(String.UnicodeScalarView(scan.out))
    }

    private struct Scan {
        let source: [Unicode.Scalar]
        var at = 0
        var out: [Unicode.Scalar] = []

        init(_ text: String) { source = Array(text.unicodeScalars) }

        func sees(_ word: String) -> Bool { source[at...].starts(with: word.unicodeScalars) }

        /// Moves on; what is not code leaves only its newlines.
        mutating func take(_ count: Int, keep: Bool) {
            for _ in 0..<count where at < source.count {
                if keep || source[at] == "\n" { out.append(source[at]) }
                at += 1
            }
        }

        /// Code up to a closing parenthesis of an interpolation, or the end.
        mutating func code(until end: Unicode.Scalar?) {
            var depth = 0
            while at < source.count {
                if sees("//") {
                    while at < source.count, source[at] != "\n" { take(1, keep: false) }
                } else if sees("/*") {
                    comment()
                } else if let hashes = stringStart() {
                    string(hashes: hashes)
                } else {
                    if source[at] == "(" { depth += 1 }
                    if source[at] == ")" {
                        if depth == 0, end != nil { return take(1, keep: true) }
                        depth -= 1
                    }
                    take(1, keep: true)
                }
            }
        }

        private mutating func comment() {
            var depth = 0
            repeat {
                if sees("/*") { depth += 1 }
                if sees("*/") { depth -= 1 }
                take(sees("/*") || sees("*/") ? 2 : 1, keep: false)
            } while depth > 0 && at < source.count
        }

        private func stringStart() -> Int? {
            let hashes = source[at...].prefix { $0 == "#" }.count
            return at + hashes < source.count && source[at + hashes] == "\"" ? hashes : nil
        }

        private mutating func string(hashes: Int) {
            let fence = String(repeating: "#", count: hashes)
            take(hashes, keep: false)
            let quote = sees("\"\"\"") ? "\"\"\"" : "\""
            take(quote.count, keep: false)
            // What stands for the string is still an operand.
            out.append("\"")
            while at < source.count {
                if sees(quote + fence) { return take(quote.count + hashes, keep: false) }
                if sees("\\" + fence + "(") {
                    take(hashes + 2, keep: false)
                    code(until: ")")
                } else {
                    take(sees("\\" + fence) ? hashes + 2 : 1, keep: false)
                }
            }
        }
    }
}

@Suite("Code of Swift text")
struct SwiftTextTests {
    @Test("comments and strings go, code, interpolations and line numbers stay")
    func blanks() {
        let source = """
            let a = "x // y" // no
            /* one /* two */
            still */ let b = #"raw \\( "# + "in \\(c! + f("z)")) out"
            """
        let code = SwiftText.code(of: source)
        #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count == 3)
        #expect(!code.contains("//") && !code.contains("no") && !code.contains("raw") && !code.contains("z"))
        #expect(code.contains("let b = ") && code.contains("c! + f("))
        #expect(!code.contains("out"))
    }
}
