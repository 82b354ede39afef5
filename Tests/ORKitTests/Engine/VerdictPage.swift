import Foundation

@testable import ORKit

/// `docs/upstream-faults.md`, as far as tests are driven by it.
struct VerdictPage: Sendable {
    /// What a row says that an answer proves.
    struct Row: Sendable {
        let id: String
        let rule: String
        let scope: String
        let cause: String
        let then: String
        /// RFC 3339; nil: nothing stated.
        let until: String?
        let evidence: String
    }

    /// What a row says that comes of it.
    struct Course: Sendable {
        let id: String
        /// The row of the answer that is heard.
        let heard: String
        let oneKey: VerdictCell
        let threeAccounts: VerdictCell
        let leftBehind: String
    }

    var rows: [Row] = []
    var courses: [Course] = []
    /// When every key hears it.
    var everyKey: [Course] = []
    /// Row ids by name of the fault.
    var faults: [(name: String, rows: [String])] = []
    let text: String

    struct Malformed: Error {
        var line: String
    }

    static func read() throws -> VerdictPage {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let page = root.appendingPathComponent("docs/upstream-faults.md")
        return try VerdictPage(String(contentsOf: page, encoding: .utf8))
    }

    init(_ text: String) throws {
        self.text = text
        for line in text.split(separator: "\n") where line.hasPrefix("| ") && !line.hasPrefix("| ---") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
                !$0.isEmpty
            }
            guard let first = cells.first, first != "id", first != "fault" else { continue }
            try add(cells, String(line))
        }
    }

    private mutating func add(_ cells: [String], _ line: String) throws {
        switch cells.count {
        case 8:
            guard cells[7].hasPrefix("`"), cells[7].hasSuffix("`") else { throw Malformed(line: line) }
            rows.append(
                Row(
                    id: cells[0], rule: cells[2], scope: cells[3], cause: cells[4], then: cells[5],
                    until: cells[6] == "–" ? nil : cells[6], evidence: String(cells[7].dropFirst().dropLast())
                ))
        case 4, 5:
            guard let one = VerdictCell(cells[cells.count - 3]),
                let three = VerdictCell(cells[cells.count - 2])
            else { throw Malformed(line: line) }
            let course = Course(
                id: cells[0], heard: cells[cells.count - 4], oneKey: one, threeAccounts: three,
                leftBehind: cells[cells.count - 1])
            if cells.count == 4 { courses.append(course) } else { everyKey.append(course) }
        case 2:
            let ids = cells[1] == "–" ? [] : cells[1].components(separatedBy: ", ")
            faults.append((cells[0], ids))
        default: throw Malformed(line: line)
        }
    }
}

extension Remedy {
    /// As the page has it.
    var word: String {
        switch self {
        case .relay: "relay"
        case .rotate: "rotate"
        case .retry: "retry"
        case .giveUp: "give-up"
        }
    }
}
