internal import ORKit

/// `--filter`: `column=value`, `column!=value`, `column~glob`. All columns
/// named must agree; of several for one column, one.
struct RowFilter<Row> {
    private enum Test {
        case equal(String)
        case different(String)
        case matches(Glob)
    }

    private struct Group {
        let value: (Row) -> String?
        var wanted: [Test] = []
        var unwanted: [String] = []
    }

    private var groups: [String: Group] = [:]

    var isEmpty: Bool { groups.isEmpty }

    init(_ expressions: [String], columns: [Column<Row>]) throws {
        for expression in expressions {
            guard let (name, test) = Self.read(expression) else {
                throw CodedError(
                    .usage, "--filter needs COLUMN=VALUE, COLUMN!=VALUE or COLUMN~GLOB",
                    hints: ["columns are:   \(columns.map(\.name).joined(separator: ","))"])
            }
            let column = try columns.named(name)
            switch test {
            case .equal(let text), .different(let text): try column.check(text)
            case .matches: break
            }
            var group = groups[column.name] ?? Group(value: column.value)
            switch test {
            case .different(let text): group.unwanted.append(text)
            default: group.wanted.append(test)
            }
            groups[column.name] = group
        }
    }

    func matches(_ row: Row) -> Bool {
        groups.values.allSatisfy { group in
            let value = group.value(row) ?? ""
            if group.unwanted.contains(value) { return false }
            return group.wanted.isEmpty
                || group.wanted.contains { test in
                    switch test {
                    case .equal(let text): value == text
                    case .different(let text): value != text
                    case .matches(let glob): glob.matches(value)
                    }
                }
        }
    }

    private static func read(_ expression: String) -> (String, Test)? {
        guard let sign = expression.firstIndex(where: { $0 == "=" || $0 == "~" || $0 == "!" }),
            sign != expression.startIndex
        else { return nil }
        let name = String(expression[..<sign])
        let rest = String(expression[expression.index(after: sign)...])
        switch expression[sign] {
        case "=": return (name, .equal(rest))
        case "~": return (name, .matches(Glob(rest)))
        default: return rest.hasPrefix("=") ? (name, .different(String(rest.dropFirst()))) : nil
        }
    }
}

extension Column {
    /// A word that is never there would choose nothing, without a word.
    fileprivate func check(_ text: String) throws {
        guard let words, !words.contains(text) else { return }
        let near = Nearest.to(text.lowercased(), in: words)
        throw CodedError(
            .usage, "“\(name)” is never “\(text)”",
            hints: [
                near.map { "did you mean:   --filter \(name)=\($0)" }
                    ?? "it is one of:   \(words.joined(separator: ","))"
            ])
    }
}

extension Array {
    /// The column of that name; dashes and case do not matter.
    func named<Row>(_ name: String) throws -> Column<Row> where Element == Column<Row> {
        let plain = { (text: String) in text.lowercased().filter { $0 != "-" && $0 != "_" } }
        if let found = first(where: { plain($0.name) == plain(name) }) { return found }
        let near = Nearest.to(name.lowercased(), in: map(\.name))
        throw CodedError(
            .usage, "there is no column “\(name)”",
            hints: [
                near.map { "did you mean:   \($0)" } ?? "columns are:   \(map(\.name).joined(separator: ","))"
            ])
    }
}

/// `*` for any run of characters, `?` for any one.
struct Glob {
    private let pattern: [Character]

    init(_ text: String) { pattern = Array(text) }

    static func isGlob(_ text: String) -> Bool { text.contains { $0 == "*" || $0 == "?" || $0 == "[" } }

    /// In time proportional to the product of the lengths, whatever the
    /// pattern.
    func matches(_ text: String) -> Bool {
        let text = Array(text)
        var (t, p) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p, t)
                p += 1
            } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
                p += 1
                t += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                p = last.pattern + 1
                t = last.text + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }
}
