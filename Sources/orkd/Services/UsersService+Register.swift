internal import GRDB
import ORKit

extension UsersService {
    /// A new user with its primary key, both or neither.
    func register(
        _ request: UserAdd, keyName: String, environment: String, _ order: Order
    ) async throws -> (user: UserView, key: ClientView) {
        let draft = try UserDraft(request)
        return try await clients.commit(order) { db, now in
            guard try UserTable.row(db, name: draft.name) == nil else {
                throw CodedError(.badValue, "this username is taken", hints: [])
            }
            let row = try UserTable.insert(draft.row(at: now), db)
            try AuditTable.append("users.add", row.name, by: order.actor, at: now, after: row.audit, db)
            var key = ClientAdd(name: try ClientsService.freeName(for: keyName, of: row, db))
            key.environment = environment
            key.user = String(row.id.raw)
            key.primary = true
            key.tags = [ClientView.keyNameTag: keyName]
            let outcome = try ClientDraft(key).issue(order, at: now, db)
            guard let made = outcome.changes.items.first(where: { $0.outcome == "added" })?.item else {
                throw CodedError(.internalError)
            }
            return ((try row.view(db), made), outcome)
        }
    }
}
