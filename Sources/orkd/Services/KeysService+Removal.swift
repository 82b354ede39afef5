internal import GRDB
import ORKit

extension KeysService {
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView> {
        try await changeEach(order) { db, _ in
            try KeySelection.find(
                selection.select, byPrefix: false, ifExists: selection.ifExists ?? false, db
            ).rows
        } change: { row, outcome, db, now in
            try outcome.remove(row, "remove", order, at: now, db)
        }
    }

    /// Removes keys that are in one of the states, or have been for long.
    func prune(_ rule: Prune, _ order: Order) async throws -> Changes<KeyView> {
        guard let states = rule.states, !states.isEmpty, rule.expired == nil else {
            throw CodedError(
                .badValue, "keys can be pruned by one rule: their state",
                hints: ["remove dead ones:   orkctl keys prune --state invalid --older-than 30d"])
        }
        guard let age = rule.olderThan.map({ Int64(duration: $0) }) ?? 0 else {
            throw CodedError(.badValue, "older_than must be a duration like 30d")
        }
        return try await changeEach(order) { [self] db, now in
            let limit = now.advanced(byMilliseconds: -age)
            let total = try KeyTable.count(db)
            let rows = try inState(Set(states), db).filter { row, standing in
                try age == 0 || since(row, standing, db) <= limit
            }.map(\.row)
            try PruneGuard.check(rows.count, of: total, limit: rule.max, noun: "keys")
            return rows
        } change: { row, outcome, db, now in
            try outcome.remove(row, "prune", order, at: now, db)
        }
    }

    private func inState(
        _ states: Set<KeyState>, _ db: Database
    ) throws -> [(row: KeyRow, standing: KeyStanding)] {
        let now = clock()
        var found: [(row: KeyRow, standing: KeyStanding)] = []
        var ids = try Int64.fetchAll(db, sql: "SELECT id FROM key ORDER BY id").map { KeyID($0) }[...]
        while !ids.isEmpty {
            let piece = ids.prefix(256)
            ids = ids.dropFirst(256)
            let standings = box.decide { engine, _ in piece.compactMap { engine.standing(of: $0, at: now) } }
            for standing in standings where states.contains(standing.state) {
                if let row = try KeyTable.row(db, id: standing.id) { found.append((row, standing)) }
            }
        }
        return found
    }

    /// Since when the key has been in its state, as far as anything tells.
    private func since(_ row: KeyRow, _ standing: KeyStanding, _ db: Database) throws -> WallTime {
        let known: WallTime? =
            switch standing.state {
            case .invalid: standing.facts.invalidSince
            case .broken: standing.facts.brokenSince
            case .suspect: standing.facts.suspectSince
            case .usable, .resting, .exhausted, .disabled: nil
            }
        return try known ?? KeyTransitionTable.lastChange(of: row.id, db) ?? row.addedAt
    }
}
