internal import GRDB
import ORKit

/// Something that happened and leaves no other row behind.
struct EventNote: Sendable, Hashable {
    enum Kind: String, Sendable { case condition, daemon }

    var at: WallTime
    var kind: Kind
    var severity: EventSeverity
    /// `began`, `ended`, `started`, `stopping`.
    var event: String
    var code: ErrorCode?
    var text: String
}

enum EventSeverity: String, Sendable { case info, warning, error }

/// Conditions that came and went, starts and stops.
enum EventNoteTable {
    static func append(_ note: EventNote, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO event (at, kind, severity, event, code, text) VALUES (?, ?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            note.at.milliseconds, note.kind.rawValue, note.severity.rawValue, note.event,
            note.code?.rawValue, note.text,
        ])
    }
}

extension EventNote {
    /// Something about the daemon as a whole.
    static func daemon(_ event: String, _ text: String, at now: WallTime) -> EventNote {
        EventNote(at: now, kind: .daemon, severity: .info, event: event, text: text)
    }
}
