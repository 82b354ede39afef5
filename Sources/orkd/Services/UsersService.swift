internal import GRDB
import ORKit

/// Everything that operators do with users. Shares the turn of changes with
/// the clients: what a user may decides what its clients may.
struct UsersService: UsersServing {
    let clients: ClientsService

    init(_ clients: ClientsService) { self.clients = clients }

    /// Rows of one page.
    private static let pageSize = 500

    /// By name. What was counted until now is in the answer.
    func list(_ query: UserQuery) async throws -> Page<UserView> {
        await clients.settleCounts()
        return try await clients.store.read { db in
            let limit = query.page.limit ?? Self.pageSize
            let after = query.page.cursor ?? ""
            var rows: [UserRow]
            var total: Int
            if query.select.isEmpty {
                rows = try UserTable.rows(db, where: "name > ? ORDER BY name LIMIT ?", [after, limit + 1])
                total = try Int.fetchOne(db, sql: "SELECT count(*) FROM user") ?? 0
            } else {
                let found = try UserFields.select(query.select, db)
                rows = found.filter { $0.name > after }.sorted { $0.name < $1.name }
                total = found.count
            }
            let next = rows.count > limit ? rows[limit - 1].name : nil
            return Page(items: try rows.prefix(limit).map { try $0.view(db) }, next: next, total: total)
        }
    }

    func add(_ request: UserAdd, _ order: Order) async throws -> Changes<UserView> {
        let draft = try UserDraft(request)
        return try await clients.commit(order) { db, now in
            let wanted = try draft.row(at: now)
            if let present = try UserTable.row(db, name: draft.name) {
                var same = wanted
                // A length from now is another end each time.
                if request.trialEnds == nil { same.trialEndsAt = present.trialEndsAt }
                guard present.hasSameContent(as: same) else {
                    throw CodedError(.userExists, "“\(draft.name)” exists with other settings")
                }
                return (Changes(items: [try present.change("unchanged", db)]), ClientOutcome())
            }
            let row = try UserTable.insert(wanted, db)
            try AuditTable.append("users.add", row.name, by: order.actor, at: now, after: row.audit, db)
            return (Changes(items: [try row.change("added", db)]), ClientOutcome())
        }
    }

    func set(_ request: UserSet, _ order: Order) async throws -> Changes<UserView> {
        try await clients.commit(order) { db, now in
            let rows = try UserFields.select(request.select, db)
            if let version = request.ifVersion, let lost = rows.first(where: { $0.version != version }) {
                throw CodedError.versionLost(
                    lost.name, at: lost.version, wanted: version, see: "orkctl users show \(lost.name)")
            }
            guard request.name == nil || rows.count < 2 else {
                throw CodedError(.badValue, "a name fits one user only, but \(rows.count) were selected")
            }
            return try put(rows, "set", "changed", order, at: now, db) { row in
                let after = try row.changed(by: request, at: now)
                if after.name != row.name, try UserTable.row(db, name: after.name) != nil {
                    throw CodedError(.userExists, "another user is called “\(after.name)”", hints: [])
                }
                return after
            }
        }
    }

    func enable(_ selection: Selection, _ order: Order) async throws -> Changes<UserView> {
        try await switchUsers(selection, on: true, order)
    }

    func disable(_ selection: Selection, _ order: Order) async throws -> Changes<UserView> {
        try await switchUsers(selection, on: false, order)
    }

    private func switchUsers(
        _ selection: Selection, on enabled: Bool, _ order: Order
    ) async throws -> Changes<UserView> {
        let reason = try selection.reason.map { try ClientFields.text($0, "reason") }
        return try await clients.commit(order) { db, now in
            let rows = try UserFields.select(selection.select, ifExists: selection.ifExists ?? false, db)
            let word = enabled ? "enable" : "disable"
            return try put(rows, word, word + "d", order, at: now, db) { row in
                var after = row
                after.enabled = enabled
                // A repetition without a reason does not take the first one's away.
                after.disabledReason = enabled ? nil : reason ?? row.disabledReason
                return after
            }
        }
    }

    /// With all their clients, whose keys stop at once.
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<UserView> {
        try await clients.commit(order) { db, now in
            var changes = Changes<UserView>(items: [])
            var outcome = ClientOutcome()
            for row in try UserFields.select(selection.select, ifExists: selection.ifExists ?? false, db) {
                var change = try row.change("removed", db)
                let own = try ClientTable.rows(db, where: "user = ? ORDER BY name", [row.id.raw])
                if !own.isEmpty { change.detail = "with \(own.map(\.name).joined(separator: ", "))" }
                outcome.add(try ClientOutcome(removing: own, "remove", order, at: now, db))
                try UserTable.remove(row, at: now, db)
                try AuditTable.append(
                    "users.remove", row.name, by: order.actor, at: now, before: row.audit, db)
                changes.items.append(change)
            }
            return (changes, outcome)
        }
    }

    /// Writes the rows that differ with their audit rows; the data path hears
    /// of their clients.
    private func put(
        _ rows: [UserRow], _ verb: String, _ word: String, _ order: Order, at now: WallTime, _ db: Database,
        _ change: (UserRow) throws -> UserRow
    ) throws -> (Changes<UserView>, ClientOutcome) {
        var changes = Changes<UserView>(items: [])
        var outcome = ClientOutcome()
        for before in rows {
            var row = try change(before)
            guard !row.hasSameContent(as: before) || row.name != before.name else {
                changes.items.append(try before.change("unchanged", db))
                continue
            }
            row.version += 1
            try UserTable.update(row, db)
            try AuditTable.append(
                "users.\(verb)", row.name, by: order.actor, at: now, before: before.audit, after: row.audit,
                db)
            for client in try ClientTable.rows(db, where: "user = ?", [row.id.raw]) {
                outcome.deltas += try client.deltas(at: now, db)
            }
            changes.items.append(try row.change(word, db))
        }
        return (changes, outcome)
    }
}

extension UserRow {
    fileprivate func change(_ outcome: String, _ db: Database) throws -> Change<UserView> {
        Change(item: try view(db), changed: outcome != "unchanged", outcome: outcome)
    }
}
