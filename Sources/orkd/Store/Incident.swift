internal import GRDB
import ORKit

/// Verdicts that are alike and came within moments of each other, of whatever
/// key: named by the number of the first one's event, written `i17`.
struct Incident: Sendable, Hashable {
    let number: Int64

    init(number: Int64) { self.number = number }

    init?(_ text: String) {
        guard text.hasPrefix("i"), let number = Int64(text.dropFirst()), number > 0 else { return nil }
        self.number = number
    }

    var text: String { "i\(number)" }

    /// Events that are looked through for the one before: writing goes on meanwhile.
    private static let memory = 256

    /// The one that a new mark is part of; nil: it is the first of its own.
    static func known(of marked: MarkedKey, _ db: Database) throws -> Incident? {
        let (mark, rest) = (marked.mark, marked.mark.rest)
        let statement = try db.cachedStatement(
            sql: """
                SELECT incident, text FROM event WHERE id > (SELECT max(id) FROM event) - ? AND kind = ? \
                AND event = ? AND rule = ? AND cause IS ? AND at >= ? AND incident IS NOT NULL ORDER BY id DESC
                """)
        let rows = try Row.fetchCursor(
            statement,
            arguments: [
                memory, EventNoteTable.verdict, mark.kind.rawValue, rest.rule, mark.causeName,
                marked.at.milliseconds - KeyMark.waveWindow,
            ])
        while let row = try rows.next() {
            if mark.saysTheSame(as: row.text(1)) { return Incident(number: row.number(0)) }
        }
        return nil
    }

    /// What its verdicts left behind; empty: there is none of that number.
    func marks(_ db: Database) throws -> [Mark: Set<KeyID>] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT key_id, event, rule, model, at FROM event WHERE incident = ?",
            arguments: [number])
        return rows.reduce(into: [:]) { marks, row in
            let mark = Mark(kind: row.text(1), rule: row.text(2), model: row[3], since: row.number(4))
            marks[mark, default: []].insert(KeyID(row.number(0)))
        }
    }

    /// What tells a mark from others of its key.
    struct Mark: Hashable {
        var kind: String
        var rule: String
        var model: String?
        var since: Int64
    }
}

extension Incident.Mark {
    init(_ mark: KeyMark) {
        self.init(
            kind: mark.kind.rawValue, rule: mark.rest.rule, model: mark.rest.model,
            since: mark.rest.sinceMilliseconds)
    }
}
