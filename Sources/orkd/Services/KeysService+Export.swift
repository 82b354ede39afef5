internal import GRDB
import ORKit

// Keys as another ork can take them, and what such a file says about keys that are there (KP-20).

extension KeysService {
    /// In the order of ids; with their secrets only where these are asked
    /// for, and then with an audit row for each page, on disk before it is
    /// given away.
    func export(_ query: KeyExportQuery, _ order: Order) async throws -> Page<KeyExport> {
        let page = PageQuery(limit: query.limit, cursor: query.cursor)
        guard query.limit.map({ (1...1000).contains($0) }) ?? true else {
            throw CodedError(.badValue, "a limit is a number from 1 to 1000")
        }
        let after = try page.place { Int64($0) } ?? 0
        let select = query.select ?? []
        let found = try await store.read { db in
            guard select.isEmpty else {
                return try KeySelection.find(select, db).rows.filter { $0.id.raw > after }
                    .sorted { $0.id.raw < $1.id.raw }
            }
            return try KeyTable.rows(
                db, where: "id > ? ORDER BY id LIMIT ?", [after, page.size + 1])
        }
        let rows = Array(found.prefix(page.size))
        let withSecrets = query.secrets ?? false
        if withSecrets, let first = rows.first, let last = rows.last {
            let now = clock().wall
            try await store.transact { db in
                try AuditTable.append(
                    "keys.export", "\(rows.count) keys", by: order.actor, at: now,
                    after: [
                        "secrets": .number(Int64(rows.count)), "first_id": .number(first.id.raw),
                        "last_id": .number(last.id.raw),
                    ], db)
            }
        }
        let items = try zip(rows, standings(rows, at: clock())).map { row, standing in
            KeyExport(
                row, standing, secret: withSecrets ? try store.open(row, for: .export, by: order.actor) : nil,
                pool: poolNames[row.pool])
        }
        let next = found.count > rows.count ? rows.last.map { String($0.id.raw) } : nil
        return Page(items: items, next: next, total: nil)
    }

    /// Lets an export say what is known about a key that is there. What
    /// operators decided stays, and so does its quota.
    ///
    /// - Returns: whether anything changed.
    func restore(
        _ known: KeyRow, _ facts: KeyFacts, into outcome: inout KeyOutcome, _ order: Order,
        at now: WallTime, _ db: Database
    ) throws -> Bool {
        let present = standing(of: known.id, at: clock())?.facts ?? KeyFacts()
        let after = facts.keepingQuota(of: present)
        guard after != present.keepingQuota(of: present) else { return false }
        try KeyFactsTable.put(after, of: known.id, db)
        try AuditTable.append(
            "keys.restore", known.name, by: order.actor, at: now,
            after: [
                "attempts": .number(after.counters.attempts), "rests": .number(Int64(after.rests.count)),
            ],
            db)
        outcome.pool.append(.restore(known.id, facts, trigger: "import"))
        return true
    }
}
