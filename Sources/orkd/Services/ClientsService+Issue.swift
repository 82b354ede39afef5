internal import GRDB
import ORKit

// The two changes that issue a secret. It leaves the daemon in their answer
// and nowhere else; only its digest is kept (K-19).

extension ClientsService {
    /// Names are unique, and adding never overwrites. Since a key cannot be
    /// shown a second time, an existing name is a conflict even when nothing
    /// differs.
    func add(_ request: ClientAdd, _ order: Order) async throws -> Changes<ClientView> {
        let draft = try ClientDraft(request)
        return try await change(order) { db, now in try draft.issue(order, at: now, db) }
    }

    /// A new key, everything else stays. The old one works on for the grace;
    /// without one, it and those from earlier graces stop at once.
    func rotate(_ request: ClientRotate, _ order: Order) async throws -> Changes<ClientView> {
        let grace = try request.grace.map { text in
            guard let length = Int64(duration: text), length > 0 else {
                throw CodedError(.badValue, "grace must be a duration like 24h")
            }
            return length
        }
        return try await change(order) { db, now in
            var outcome = ClientOutcome()
            for before in try ClientSelection.find(request.select, db) {
                let key = ClientKey.mint(before.environment)
                var row = before
                row.digest = key.digest
                row.masked = key.masked
                row.version += 1
                let end = grace.map(now.advanced(byMilliseconds:))
                if let end {
                    try ClientTable.addGrace(before.digest, of: row.id, until: end, db)
                } else {
                    outcome.deltas.append(.remove(before.digest))
                    outcome.deltas += try ClientTable.removeGraces(of: row.id, db).map { .remove($0) }
                }
                try ClientTable.update(row, db)
                var after = row.audit
                after["old_key_until"] = .text(end?.rfc3339)
                try AuditTable.append(
                    "clients.rotate", row.name, by: order.actor, at: now, before: before.audit, after: after,
                    db)
                let view = try row.view(at: now, secret: order.dryRun ? nil : key.secret, db)
                outcome.changes.items.append(Change(item: view, changed: true, outcome: "rotated"))
                outcome.deltas += try row.deltas(at: now, db)
            }
            return outcome
        }
    }
}
