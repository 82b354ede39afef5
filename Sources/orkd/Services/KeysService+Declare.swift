internal import GRDB
import ORKit

// An operator's word about the state of keys.

extension KeysService {
    private static let verb = "set-state"

    /// Afterwards the keys are in the state that was declared; if it cannot be
    /// said of one of them, none is changed.
    func setState(_ request: KeyDeclaration, _ order: Order) async throws -> Changes<KeyView> {
        let reason = try KeyFields.reason(request.reason)
        let changes = try await changeEach(order) { [self] db, _ in
            let rows = try KeySelection.find(request.select, db).rows
            try rows.require(version: request.ifVersion)
            let now = clock()
            for row in rows {
                let objection = box.decide { engine, _ in
                    engine.objection(to: request.state, of: row.id, at: now)
                }
                if let objection { throw objection.error(about: row.name, request.state) }
            }
            return rows
        } change: { [self] row, outcome, db, now in
            switch request.state {
            case .disabled: try takeOut(row, reason, &outcome, order, at: now, db)
            case .usable: try letIn(row, &outcome, order, at: now, db)
            case .invalid: try giveUp(row, reason, &outcome, order, at: now, db)
            case .resting, .exhausted, .suspect, .broken: outcome.unchanged(row)
            }
        }
        // What the engine has just kept, and after facts that were on their way already.
        if !order.dryRun { try await store.transact { _ in } }
        return changes
    }

    private func takeOut(
        _ row: KeyRow, _ reason: String?, _ outcome: inout KeyOutcome, _ order: Order, at now: WallTime,
        _ db: Database
    ) throws {
        let after = row.switched(on: false, reason)
        guard !after.isSame(as: row) else { return outcome.unchanged(row) }
        try outcome.put(row, after, Self.verb, KeyState.disabled.rawValue, store, order, at: now, db)
    }

    /// Enabled, and nothing that was proved or guessed is held against it.
    private func letIn(
        _ row: KeyRow, _ outcome: inout KeyOutcome, _ order: Order, at now: WallTime, _ db: Database
    ) throws {
        let standing = standing(of: row.id, at: clock())
        let state = standing.state(enabled: row.enabled)
        guard state != .usable else { return outcome.unchanged(row) }
        if standing?.facts.isMarked ?? false {
            try KeyFactsTable.reset(row.id, db)
            // Before it is enabled, so that one transition tells of both.
            outcome.pool.append(.reset(row.id, trigger: Self.verb))
        }
        guard row.enabled else {
            let after = row.switched(on: true, nil)
            return try outcome.put(row, after, Self.verb, KeyState.usable.rawValue, store, order, at: now, db)
        }
        try note(row, state, .usable, nil, &outcome, order, at: now, db)
    }

    private func giveUp(
        _ row: KeyRow, _ reason: String?, _ outcome: inout KeyOutcome, _ order: Order, at now: WallTime,
        _ db: Database
    ) throws {
        let standing = standing(of: row.id, at: clock())
        let state = standing.state(enabled: row.enabled)
        guard state != .invalid else { return outcome.unchanged(row) }
        var facts = standing?.facts ?? KeyFacts()
        let evidence = reason ?? "an operator's word"
        facts.giveUp(Self.verb, because: evidence, at: now)
        try KeyFactsTable.put(facts, of: row.id, db)
        outcome.pool.append(.giveUp(row.id, because: evidence, trigger: Self.verb))
        try note(row, state, .invalid, reason, &outcome, order, at: now, db)
    }

    /// Of a key whose row stays as it is.
    private func note(
        _ row: KeyRow, _ before: KeyState, _ after: KeyState, _ reason: String?, _ outcome: inout KeyOutcome,
        _ order: Order, at now: WallTime, _ db: Database
    ) throws {
        try AuditTable.append(
            "keys.\(Self.verb)", row.name, by: order.actor, at: now,
            before: ["state": .text(before.rawValue)],
            after: ["state": .text(after.rawValue), "reason": .text(reason)], db)
        outcome.items.append(.init(row: row, changed: true, outcome: after.rawValue))
    }
}

extension DeclarationObjection {
    fileprivate func error(about name: String, _ state: KeyState) -> CodedError {
        switch self {
        case .illegal(.disabled) where state == .invalid:
            CodedError(
                .illegalTransition, "“\(name)” is disabled, and so is out already",
                hints: ["let it be used first:   orkctl keys enable \(name)"])
        case .illegal(let present):
            CodedError(
                .illegalTransition,
                "“\(name)” is \(present.rawValue); nobody's word makes a key \(state.rawValue)",
                hints: [
                    "see what proved its state:   orkctl keys history \(name)",
                    "keep it out by your own word:   orkctl keys set-state \(name) disabled",
                ])
        case .quotaSpent:
            CodedError(
                .illegalTransition, "the quota of “\(name)” is used up, so it is exhausted",
                hints: [
                    "see what is left:   orkctl quota show \(name)",
                    "take the quota away:   orkctl quota clear \(name)",
                ])
        case .notServed:
            CodedError(
                .illegalTransition, "the provider of “\(name)” is not the one that is served",
                hints: ["name another:   orkctl keys set \(name) --provider NAME"])
        }
    }
}
