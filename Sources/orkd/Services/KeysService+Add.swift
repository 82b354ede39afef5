internal import GRDB
import ORKit

extension KeysService {
    /// Adds one key. The same secret again is no error: what is out comes
    /// back (K-09, KP-10), what is in stays as it is.
    func add(_ request: KeyAdd, _ order: Order) async throws -> Changes<KeyView> {
        let wanted = try KeyDraft(request)
        let match = try await store.read { try wanted.match($0) }
        let finding = try await check(wanted, against: match, wanted: request.check ?? true)
        var asked = wanted
        asked.take(finding)
        let draft = asked
        let id = KeyID(store.reserveKeyIDs(1).lowerBound)
        let sealed = try draft.row(id, store.sealing, at: clock().wall)
        return try await change(order) { [self] db, now in
            var outcome = KeyOutcome(warnings: finding.warnings)
            var row = sealed
            row.pool = try request.pool.map { try PoolFields.find($0, db).id } ?? .first
            try row.takeAccountID { try AccountTable.id(named: $0, db) }
            // Somebody may have been faster while upstream was asked.
            switch try draft.match(db) {
            case .taken(let other): throw Self.taken(other.name)
            case .known(let known):
                try readd(known, named: draft.name, finding, into: &outcome, "add", order, at: now, db)
            case .new:
                guard try draft.insert(row, db) else { throw Self.taken(row.name) }
                try AuditTable.append("keys.add", row.name, by: order.actor, at: now, after: row.audit, db)
                outcome.items.append(.init(row: row, changed: true, outcome: "added"))
                outcome.pool.append(.add([draft.record(row)]))
            }
            return outcome
        }
    }

    /// The secret is there already: brings it back if it is out, with what
    /// upstream said about it.
    func readd(
        _ known: KeyRow, named name: String, _ finding: KeyFinding, into outcome: inout KeyOutcome,
        _ verb: String, _ order: Order, at now: WallTime, _ db: Database
    ) throws {
        if known.name != name {
            outcome.warnings.append(
                Remark(code: .duplicate, message: "this secret is in the pool already, as “\(known.name)”"))
        }
        guard isOut(known) else {
            outcome.unchanged(known)
            return
        }
        var after = known
        after.enabled = true
        after.disabledReason = nil
        after.checked = known.checked || finding.isChecked
        if known.account == nil { after.belong(to: finding.account, learnt: true, since: now) }
        try KeyFactsTable.reset(known.id, db)
        try finding.keepQuota(of: known.id, fingerprint: known.fingerprint, db)
        try outcome.put(known, after, verb, "reactivated", store, order, at: now, db)
        outcome.pool.append(.reset(known.id, trigger: verb))
    }

    /// Disabled, or given up by what was learnt. A rest that upstream stated
    /// does not count: asking again would not end it.
    func isOut(_ row: KeyRow) -> Bool {
        !row.enabled || standing(of: row.id, at: clock())?.facts.isGivenUp ?? false
    }

    private func check(
        _ draft: KeyDraft, against match: KeyDraft.Match, wanted: Bool
    ) async throws -> KeyFinding {
        switch match {
        case .taken(let row): throw Self.taken(row.name)
        case .known(let row) where !isOut(row): return KeyFinding()
        case .known, .new: break
        }
        return wanted ? try await check(draft.secret, name: draft.name) : KeyFinding()
    }

    /// - Throws: `key-rejected`, `key-expired` or `management-key` when
    ///   upstream says that the key can serve nobody. That upstream cannot be
    ///   asked is a warning only (ruling 46).
    func check(_ secret: Secret, name: String) async throws -> KeyFinding {
        guard let probe else { return Self.unchecked(name, "there is nobody to ask") }
        let answer = await probe.probe(secret)
        let now = clock().wall
        if var refusal = answer.refusal(at: now) {
            let anyhow = "add it all the same:   orkctl keys add \(name) --no-check"
            if case .rejected(_, let message) = answer { refusal.message += ": \(message.prefix(200))" }
            if refusal.code != .managementKey { refusal.hints = [anyhow] }
            throw refusal
        }
        if case .unreachable(let reason) = answer { return Self.unchecked(name, reason) }
        return KeyFinding(answer, at: now)
    }

    private static func unchecked(_ name: String, _ reason: String) -> KeyFinding {
        KeyFinding(warnings: [
            Remark(code: .keyUnchecked, message: "“\(name)” was not checked upstream: \(reason.prefix(200))")
        ])
    }

    static func taken(_ name: String) -> CodedError {
        CodedError(
            .keyExists, "“\(name)” already exists with another secret",
            hints: ["to replace its secret:   orkctl keys rotate \(name)"])
    }

    /// Keys from the environment at start (KP-19): each once, whatever
    /// happened to it since; nothing is asked upstream.
    ///
    /// - Returns: how many were new.
    func seed(_ secrets: [Secret], prefix: String, by actor: Actor) async throws -> Int {
        var added = 0
        for secret in secrets where secret.withBytes({ KeyFields.objection(toSecret: $0) }) == nil {
            let fingerprint = Digest.of(secret)
            let id = KeyID(store.reserveKeyIDs(1).lowerBound)
            let draft = KeyDraft(
                secret: secret, fingerprint: fingerprint, name: "\(prefix)\(id.raw)",
                provider: KeyFields.standardProvider, account: nil, weight: 1, tags: [:], metadata: [:])
            let row = try draft.row(id, store.sealing, at: clock().wall)
            let changes = try await change(Order(actor: actor, dryRun: false)) { db, now in
                var outcome = KeyOutcome()
                guard try KeyTable.insert(row, db) else { return outcome }
                try AuditTable.append("keys.seed", row.name, by: actor, at: now, after: row.audit, db)
                outcome.items.append(.init(row: row, changed: true, outcome: "added"))
                outcome.pool.append(.add([draft.record(row)]))
                return outcome
            }
            added += changes.items.count
        }
        return added
    }
}
