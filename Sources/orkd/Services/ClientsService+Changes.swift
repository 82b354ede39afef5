internal import GRDB
import ORKit

// What operators change about clients that exist.

extension ClientsService {
    func set(_ request: ClientSet, _ order: Order) async throws -> Changes<ClientView> {
        try await change(order) { db, now in
            let rows = try ClientSelection.find(request.select, db)
            if let version = request.ifVersion, let lost = rows.first(where: { $0.version != version }) {
                throw CodedError.versionLost(
                    lost.name, at: lost.version, wanted: version, see: "orkctl clients show \(lost.name)")
            }
            guard request.name == nil && request.primary == nil || rows.count < 2 else {
                let what = request.name == nil ? "the mark of the primary one" : "a name"
                throw CodedError(.badValue, "\(what) fits one client only, but \(rows.count) were selected")
            }
            var outcome = ClientOutcome()
            for row in rows {
                let after = try row.changed(by: request, at: now, db)
                if after.name != row.name, try ClientTable.row(db, name: after.name) != nil {
                    throw CodedError(.clientExists, "another client is called “\(after.name)”", hints: [])
                }
                if after.isPrimary, !row.isPrimary {
                    try outcome.unmarkPrimary(of: after.user, order, at: now, db)
                }
                try outcome.put(row, after, "set", "changed", order, at: now, db)
            }
            return outcome
        }
    }

    func enable(_ selection: Selection, _ order: Order) async throws -> Changes<ClientView> {
        try await switchClients(selection, on: true, order)
    }

    func disable(_ selection: Selection, _ order: Order) async throws -> Changes<ClientView> {
        try await switchClients(selection, on: false, order)
    }

    private func switchClients(
        _ selection: Selection, on enabled: Bool, _ order: Order
    ) async throws -> Changes<ClientView> {
        let reason = try selection.reason.map { try ClientFields.text($0, "reason") }
        return try await change(order) { db, now in
            var outcome = ClientOutcome()
            let found = try ClientSelection.find(selection.select, ifExists: selection.ifExists ?? false, db)
            for row in found {
                var after = row
                after.enabled = enabled
                // A repetition without a reason does not take the first one's away.
                after.disabledReason = enabled ? nil : reason ?? row.disabledReason
                try outcome.put(
                    row, after, enabled ? "enable" : "disable", enabled ? "enabled" : "disabled", order,
                    at: now, db)
            }
            return outcome
        }
    }

    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<ClientView> {
        try await change(order) { db, now in
            let found = try ClientSelection.find(
                selection.select, byPrefix: false, ifExists: selection.ifExists ?? false, db)
            return try ClientOutcome(removing: found, "remove", order, at: now, db)
        }
    }

    /// Removes those that expired, or did so long ago.
    func prune(_ rule: Prune, _ order: Order) async throws -> Changes<ClientView> {
        guard rule.expired == true, rule.states == nil else {
            throw CodedError(
                .badValue, "clients can be pruned by one rule: expired",
                hints: ["remove those that expired:   orkctl clients prune --expired --older-than 7d"])
        }
        guard let age = rule.olderThan.map({ Int64(duration: $0) }) ?? 0 else {
            throw CodedError(.badValue, "older_than must be a duration like 30d")
        }
        return try await change(order) { db, now in
            let limit = now.advanced(byMilliseconds: -age)
            let rows = try ClientTable.rows(db, where: "expires_at <= ? ORDER BY name", [limit.milliseconds])
            let total = try Int.fetchOne(db, sql: "SELECT count(*) FROM client") ?? 0
            try PruneGuard.check(rows.count, of: total, limit: rule.max, noun: "clients")
            return try ClientOutcome(removing: rows, "prune", order, at: now, db)
        }
    }
}

extension ClientOutcome {
    /// Writes the row with its audit row, if anything differs.
    mutating func put(
        _ before: ClientRow, _ after: ClientRow, _ verb: String, _ outcome: String, _ order: Order,
        at now: WallTime,
        _ db: Database
    ) throws {
        guard !after.hasSameContent(as: before) else {
            changes.items.append(
                Change(item: try before.view(at: now, db), changed: false, outcome: "unchanged"))
            return
        }
        var row = after
        row.version += 1
        try ClientTable.update(row, db)
        try keepCount(row, db)
        try AuditTable.append(
            "clients.\(verb)", row.name, by: order.actor, at: now, before: before.audit, after: row.audit, db)
        changes.items.append(Change(item: try row.view(at: now, db), changed: true, outcome: outcome))
        deltas += try row.deltas(at: now, db)
    }

    /// Makes room for another primary client of the user.
    mutating func unmarkPrimary(
        of user: UserID, _ order: Order, at now: WallTime, _ db: Database
    ) throws {
        for row in try ClientTable.rows(db, where: "user = ? AND is_primary = 1", [user.raw]) {
            var after = row
            after.isPrimary = false
            try put(row, after, "set", "changed", order, at: now, db)
        }
    }

    /// A client with a cap has a count, others have none.
    mutating func keepCount(_ row: ClientRow, _ db: Database) throws {
        if row.maxRequests != nil {
            try ClientCountTable.open(row.id, db)
            if let count = try ClientCountTable.count(of: row.id, db) { counts[count.serial] = count.taken }
        } else if let count = try ClientCountTable.count(of: row.id, db) {
            try ClientCountTable.close(row.id, db)
            closed.append(count.serial)
        }
    }

    init(
        removing rows: [ClientRow], _ verb: String, _ order: Order, at now: WallTime, _ db: Database
    ) throws {
        for row in rows {
            changes.items.append(Change(item: try row.view(at: now, db), changed: true, outcome: "removed"))
            if let count = try ClientCountTable.count(of: row.id, db) { closed.append(count.serial) }
            deltas += try ClientTable.remove(row, at: now, db).map { .remove($0) }
            try AuditTable.append(
                "clients.\(verb)", row.name, by: order.actor, at: now, before: row.audit, db)
        }
    }
}

extension ClientRow {
    func changed(by request: ClientSet, at now: WallTime, _ db: Database) throws -> ClientRow {
        var row = self
        if let name = request.name { row.name = try ClientFields.name(name) }
        if let names = request.permissions {
            guard !names.isEmpty else { throw CodedError(.badValue, "permissions must not be empty") }
            row.permissions = try ClientFields.permissions(names)
        }
        if let pool = request.pool { row.pool = try PoolFields.find(pool, db).id }
        if let expires = request.expires {
            row.expiresAt = try expires.text.flatMap { try ClientFields.expiry($0, at: now) }
        }
        if let tags = request.tags { row.tags = try ClientFields.tags(row.tags, changed: tags) }
        if let note = request.note { row.note = try note.text.map { try ClientFields.text($0, "note") } }
        if let user = request.user {
            row.user = try user.text.map { try UserFields.find($0, db) } ?? .house
            if row.user != self.user { row.isPrimary = false }
        }
        if let primary = request.primary { row.isPrimary = try ClientFields.primary(primary, of: row.user) }
        row.lists = try ClientFields.lists(
            row.lists, models: request.models, endpoints: request.endpoints, addresses: request.addresses,
            referrers: request.referrers)
        if let most = request.maxRequests { row.maxRequests = try most.count.map(ClientFields.maxRequests) }
        return row
    }

    fileprivate func hasSameContent(as other: ClientRow) -> Bool {
        name == other.name && permissions == other.permissions && enabled == other.enabled
            && disabledReason == other.disabledReason && tags == other.tags && note == other.note
            && expiresAt == other.expiresAt && digest == other.digest && pool == other.pool
            && user == other.user && isPrimary == other.isPrimary && lists == other.lists
            && maxRequests == other.maxRequests
    }
}
