internal import GRDB
import ORKit

// What users do with their own keys (CK-14, CK-16, CK-17). A key of another
// user is as if it were not there.

extension ClientsService {
    /// A further key.
    ///
    /// - Parameters:
    ///   - keyName: the user's own name for it; no other key of the user has
    ///     it.
    ///   - request: all but name and user.
    func addOwn(
        _ request: ClientAdd, called keyName: String, of user: UserID, _ order: Order
    ) async throws -> Changes<ClientView> {
        try await change(order) { db, now in
            guard let owner = try UserTable.row(db, id: user) else { throw CodedError(.userNotFound) }
            try Self.checkFree(keyName, of: user, besides: nil, db)
            var request = request
            request.user = String(user.raw)
            request.tags = (request.tags ?? [:]).merging([ClientView.keyNameTag: keyName]) { $1 }
            request.name = try Self.freeName(for: keyName, of: owner, db)
            return try ClientDraft(request).issue(order, at: now, db)
        }
    }

    func setOwn(
        _ id: ClientID, _ request: OwnKeyChange, of user: UserID, _ order: Order
    ) async throws -> Changes<ClientView> {
        try await change(order) { db, now in
            let row = try Self.own(id, of: user, db)
            var fields = request.fields
            if let name = request.keyName {
                try Self.checkFree(name, of: user, besides: id, db)
                fields.tags = [ClientView.keyNameTag: name]
            }
            var after = try row.changed(by: fields, at: now, db)
            switch request.isActive {
            case true? where !row.enabled:
                guard row.disabledReason == OwnKeyChange.reason else {
                    throw CodedError(.pathNotPermitted, "this key was switched off by an operator", hints: [])
                }
                (after.enabled, after.disabledReason) = (true, nil)
            case false? where row.enabled:
                (after.enabled, after.disabledReason) = (false, OwnKeyChange.reason)
            default: break
            }
            var outcome = ClientOutcome()
            try outcome.put(row, after, "set", "changed", order, at: now, db)
            return outcome
        }
    }

    func removeOwn(_ id: ClientID, of user: UserID, _ order: Order) async throws -> Changes<ClientView> {
        try await change(order) { db, now in
            try ClientOutcome(removing: [try Self.own(id, of: user, db)], "remove", order, at: now, db)
        }
    }

    private static func own(_ id: ClientID, of user: UserID, _ db: Database) throws -> ClientRow {
        guard let row = try ClientTable.rows(db, where: "id = ? AND user = ?", [id.raw, user.raw]).first
        else { throw CodedError(.clientNotFound, "there is no such key", hints: []) }
        return row
    }

    private static func checkFree(
        _ keyName: String, of user: UserID, besides id: ClientID?, _ db: Database
    ) throws {
        let isTaken = try ClientTable.rows(db, where: "user = ?", [user.raw]).contains {
            $0.id != id && ($0.tags[ClientView.keyNameTag] ?? $0.name) == keyName
        }
        guard !isTaken else {
            throw CodedError(.badValue, "another key is called “\(KeyFields.shown(keyName))”", hints: [])
        }
    }

    /// As operators see it: names of clients are unique, those that users give
    /// are not.
    static func freeName(for keyName: String, of user: UserRow, _ db: Database) throws -> String {
        let plain = keyName.utf8.prefix(24).map { byte in
            PlainText.isName(String(UnicodeScalar(byte))) ? Character(UnicodeScalar(byte)) : "-"
        }
        let name = "\(user.name.prefix(30)):\(String(plain))"
        if try ClientTable.row(db, name: name) == nil { return name }
        var number = 2
        while try ClientTable.row(db, name: "\(name).\(number)") != nil { number += 1 }
        return "\(name).\(number)"
    }
}
