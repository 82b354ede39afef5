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

/// What a verdict left behind on a key.
struct MarkedKey: Sendable {
    var key: KeyID
    var mark: KeyMark
    var at: WallTime
    /// The request whose answer it was; nil: it was a check's.
    var request: RequestID?
}

extension EventNoteTable {
    static let verdict = "verdict"

    static func append(_ marked: MarkedKey, _ db: Database) throws {
        let (mark, rest) = (marked.mark, marked.mark.rest)
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO event (at, kind, severity, event, text, key_id, rule, scope, cause, model, until, request, \
                incident) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let incident = try Incident.known(of: marked, db)
        try statement.execute(arguments: [
            marked.at.milliseconds, verdict, mark.kind.severity.rawValue, mark.kind.rawValue, rest.evidence,
            marked.key.raw, rest.rule, rest.scope.rawValue, mark.causeName, rest.model,
            mark.until?.milliseconds, marked.request.map { Int64(truncatingIfNeeded: $0.raw) },
            incident?.number,
        ])
        if incident == nil {
            try db.execute(
                sql: "UPDATE event SET incident = id WHERE id = ?", arguments: [db.lastInsertedRowID])
        }
    }
}

extension EventNoteTable {
    static let quota = "quota"

    static func append(_ change: CapacityChange, of key: KeyID, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO event (at, kind, severity, event, text, key_id, until) VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            change.at.milliseconds, quota, change.to.severity.rawValue, change.to.rawValue,
            "\(change.from.rawValue) → \(change.to.rawValue): \(change.text)", key.raw,
            change.until?.milliseconds,
        ])
    }
}

extension Capacity {
    fileprivate var severity: EventSeverity {
        switch self {
        case .abundant, .constrained, .recovering: .info
        case .critical, .exhausted: .warning
        }
    }
}

extension KeyMark.Kind {
    fileprivate var severity: EventSeverity {
        switch self {
        case .rest, .suspect: .warning
        case .broken, .invalid: .error
        }
    }
}

extension EventNote {
    /// Something about the daemon as a whole.
    static func daemon(_ event: String, _ text: String, at now: WallTime) -> EventNote {
        EventNote(at: now, kind: .daemon, severity: .info, event: event, text: text)
    }
}
