internal import GRDB
import ORKit

/// What `requests list` was asked for, with names turned into ids.
struct RequestFilter: Sendable {
    /// No earlier request.
    let lowest: RequestID
    /// No later one.
    let upper: RequestID?
    let failedOnly: Bool
    private let client: ClientID?
    private let user: UserID?
    private let key: KeyID?
    private let model: Glob?
    private let code: ErrorCode?

    /// - Throws: `client-not-found`, `user-not-found`, `key-not-found`: also
    ///   those that were removed can be named.
    init(_ query: RequestQuery, _ db: Database) throws {
        lowest = .floor(wallMilliseconds: query.since?.milliseconds ?? 0)
        upper = query.until.map { .floor(wallMilliseconds: $0.milliseconds) }
        failedOnly = query.failed
        client = try query.client.map { try Self.client($0, db) }
        user = try query.user.map { try Self.user($0, db) }
        key = try query.key.map { try Self.key($0, db) }
        model = query.model.map { Glob($0) }
        code = query.code
    }

    func includes(_ record: RequestRecord) -> Bool {
        record.id >= lowest && (client == nil || record.client == client)
            && (user == nil || record.user == user)
            && (key == nil || record.attempts.contains { $0.key == key })
            && (model?.matches(record.model ?? "") ?? true)
            && (code == nil || record.code == code)
            && (!failedOnly || record.isFailed)
    }

    private static func client(_ text: String, _ db: Database) throws -> ClientID {
        if text == RequestNames.anonymous { return .anonymous }
        if let row = try ClientTable.row(db, name: text) { return row.id }
        if let id = Int64(text), try Tombstones.names(.client, [id], db)[id] != nil { return ClientID(id) }
        guard let id = try Tombstones.id(.client, name: text, db) else {
            throw CodedError(.clientNotFound, "there is and was no client “\(KeyFields.shown(text))”")
        }
        return ClientID(id)
    }

    private static func user(_ text: String, _ db: Database) throws -> UserID {
        if text == "none" { return .house }
        if let row = try UserTable.row(db, name: text) { return row.id }
        if let id = Int64(text), try Tombstones.names(.user, [id], db)[id] != nil { return UserID(id) }
        guard let id = try Tombstones.id(.user, name: text, db) else {
            throw CodedError(.userNotFound, "there is and was no user “\(KeyFields.shown(text))”")
        }
        return UserID(id)
    }

    private static func key(_ text: String, _ db: Database) throws -> KeyID {
        if let row = try KeyTable.row(db, name: text) { return row.id }
        if let id = Int64(text), try Tombstones.names(.key, [id], db)[id] != nil { return KeyID(id) }
        guard let id = try Tombstones.id(.key, name: text, db) else {
            throw CodedError(.keyNotFound, "there is and was no key “\(KeyFields.shown(text))”")
        }
        return KeyID(id)
    }
}
