internal import GRDB
import ORKit

// What operators change about keys that exist.

extension KeysService {
    func set(_ request: KeySet, _ order: Order) async throws -> Changes<KeyView> {
        try await changeEach(order) { db, now in
            let rows = try KeySelection.find(request.select, db).rows
            try rows.require(version: request.ifVersion)
            guard request.name == nil || rows.count < 2 else {
                throw CodedError(.badValue, "a name fits one key only, but \(rows.count) were selected")
            }
            // What does not fit one of them is found before any is changed.
            for row in rows {
                let after = try row.changed(by: request, at: now, db)
                if after.name != row.name, try KeyTable.row(db, name: after.name) != nil {
                    throw CodedError(.keyExists, "another key is called “\(after.name)”", hints: [])
                }
            }
            return rows
        } change: { [store] row, outcome, db, now in
            let after = try row.changed(by: request, at: now, db)
            guard !after.isSame(as: row) else {
                outcome.unchanged(row)
                return
            }
            try outcome.put(row, after, "set", "changed", store, order, at: now, db)
        }
    }

    func enable(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView> {
        try await switchKeys(selection, on: true, order)
    }

    func disable(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView> {
        try await switchKeys(selection, on: false, order)
    }

    private func switchKeys(_ selection: Selection, on enabled: Bool, _ order: Order) async throws -> Changes<
        KeyView
    > {
        let reason = try KeyFields.reason(selection.reason)
        return try await changeEach(order) { db, _ in
            try KeySelection.find(selection.select, ifExists: selection.ifExists ?? false, db).rows
        } change: { [store] row, outcome, db, now in
            let after = row.switched(on: enabled, reason)
            guard !after.isSame(as: row) else {
                outcome.unchanged(row)
                return
            }
            let (verb, word) = enabled ? ("enable", "enabled") : ("disable", "disabled")
            try outcome.put(row, after, verb, word, store, order, at: now, db)
        }
    }

    /// Forgets rests, breaker, suspicion, invalidity and the run of failures;
    /// totals and an operator's `disable` stay (RT-13).
    func reset(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView> {
        try await changeEach(order) { db, _ in
            try KeySelection.find(selection.select, ifExists: selection.ifExists ?? false, db).rows
        } change: { [self] row, outcome, db, now in
            guard standing(of: row.id, at: clock())?.facts.isMarked ?? false else {
                outcome.unchanged(row)
                return
            }
            try KeyFactsTable.reset(row.id, db)
            try AuditTable.append("keys.reset", row.name, by: order.actor, at: now, db)
            outcome.items.append(.init(row: row, changed: true, outcome: "reset"))
            outcome.pool.append(.reset(row.id, trigger: "reset"))
        }
    }

    /// A new secret under the same identity: id, name, counters and history
    /// stay (KP-13). What was proved against the old secret is forgotten, and
    /// so is whose it was, unless an operator said it.
    func rotate(_ request: KeyRotate, _ order: Order) async throws -> Changes<KeyView> {
        let secret = try KeyFields.secret(request.secret)
        let fingerprint = Digest.of(secret)
        let selected = try await store.read { try Self.single(request.select, $0) }
        let finding =
            selected.fingerprint == fingerprint || !(request.check ?? true)
            ? KeyFinding() : try await check(secret, name: selected.name)
        return try await change(order) { [self] db, now in
            var outcome = KeyOutcome(warnings: finding.warnings)
            let row = try Self.single(request.select, db)
            guard row.fingerprint != fingerprint else {
                outcome.unchanged(row)
                return outcome
            }
            if let other = try KeyTable.row(db, fingerprint: fingerprint) {
                throw CodedError(
                    .duplicate, "this secret is in the pool already, as “\(other.name)”", hints: [])
            }
            var after = row
            after.fingerprint = fingerprint
            after.masked = secret.masked
            after.sealed = try store.sealing.seal(secret, key: row.id, fingerprint: fingerprint)
            after.checked = finding.isChecked
            if row.account == nil || row.isAccountLearnt {
                after.belong(to: finding.account, learnt: true, since: now)
            }
            try outcome.put(row, after, "rotate", "rotated", store, order, at: now, db)
            outcome.dropsSecrets = true
            // What was said was said of the old secret.
            try UpstreamQuotaTable.remove(row.id, db)
            try UpstreamLimitTable.remove(row.id, db)
            try finding.keepQuota(of: row.id, fingerprint: fingerprint, db)
            if standing(of: row.id, at: clock())?.facts.isGivenUp ?? false {
                try KeyFactsTable.reset(row.id, db)
                outcome.pool.append(.reset(row.id, trigger: "rotate"))
            }
            return outcome
        }
    }

    private static func single(_ select: [String], _ db: Database) throws -> KeyRow {
        let rows = try KeySelection.find(select, db).rows
        guard let row = rows.first, rows.count == 1 else {
            throw CodedError(.badValue, "a secret belongs to one key, but \(rows.count) were selected")
        }
        return row
    }
}

extension [KeyRow] {
    /// - Parameter command: shows what a key has now.
    /// - Throws: `version-lost` when one of them has another version.
    func require(version: Int64?, see command: String = "orkctl keys show") throws {
        guard let version, let lost = first(where: { $0.version != version }) else { return }
        throw CodedError.versionLost(
            lost.name, at: lost.version, wanted: version, see: "\(command) \(lost.name)")
    }
}

extension KeyRow {
    /// A repetition without a reason does not take the first one's away.
    func switched(on enabled: Bool, _ reason: String?) -> KeyRow {
        var row = self
        row.enabled = enabled
        row.disabledReason = enabled ? nil : reason ?? disabledReason
        return row
    }

    fileprivate func changed(by request: KeySet, at now: WallTime, _ db: Database) throws -> KeyRow {
        var row = self
        if let name = request.name { row.name = try KeyFields.name(name) }
        if let provider = request.provider { row.provider = try KeyFields.provider(provider) }
        if let account = request.account {
            row.belong(to: try account.text.map(KeyFields.account), learnt: false, since: now)
            try row.takeAccountID { try AccountTable.id(named: $0, db) }
        }
        if let weight = request.weight { row.weight = try KeyFields.weight(weight) }
        if let pool = request.pool { row.pool = try PoolFields.find(pool, db).id }
        if let priority = request.priority { row.priority = try KeyFields.priority(priority) }
        if let most = request.maxInFlight { row.maxInFlight = try KeyFields.maxInFlight(most) }
        row.tags = try KeyFields.map(tags, changed: request.tags ?? [:], noun: "tag")
        row.metadata = try KeyFields.map(metadata, changed: request.metadata ?? [:], noun: "metadata entry")
        return row
    }

    /// In everything that `set`, `enable` and `disable` can change.
    func isSame(as other: KeyRow) -> Bool {
        name == other.name && provider == other.provider && account == other.account
            && isAccountLearnt == other.isAccountLearnt && weight == other.weight
            && tags == other.tags && metadata == other.metadata && enabled == other.enabled
            && disabledReason == other.disabledReason && pool == other.pool && priority == other.priority
            && maxInFlight == other.maxInFlight
    }
}
