internal import GRDB
import ORKit

// What automation holds against keys, taken back.

extension KeysService {
    private static let piece = 256

    private typealias Marks = [KeyID: [KeyMark]]

    /// Takes back the newest mark that automation left on the key, and no
    /// other: what `reset` forgets at once goes step by step. Or the wave that
    /// it is one of, what an incident left, or what was guessed since a time.
    func undo(_ request: KeyUndo, _ order: Order) async throws -> Changes<KeyView> {
        let way = try UndoWay(request)
        let rows = try await store.read { try Self.start(request, way, $0) }
        let marks = try await self.marks(way, of: request.select.isEmpty ? nil : rows.map(\.id))
        let changes = try await changeEach(order) { db, _ in
            guard !marks.isEmpty else { return rows }
            return try marks.keys.sorted().compactMap { try KeyTable.row(db, id: $0) }
        } change: { [self] row, outcome, db, now in
            try takeBack(marks[row.id] ?? [], of: row, &outcome, order, at: now, db)
        }
        // What the engine has just forgotten of other keys, and after facts that were on their way already.
        if !order.dryRun { try await store.transact { _ in } }
        return changes
    }

    /// The keys that were named; of the newest and of a wave at most one.
    private static func start(_ request: KeyUndo, _ way: UndoWay, _ db: Database) throws -> [KeyRow] {
        guard !request.select.isEmpty else {
            guard way != .newest else {
                throw CodedError(.badValue, "name a key, or ask for a wave, an incident or a time")
            }
            return []
        }
        let rows = try KeySelection.find(request.select, ifExists: request.ifExists ?? false, db).rows
        guard rows.count < 2 || way != .newest && way != .wave else {
            throw CodedError(
                .badValue, "verdicts are taken back key by key, but \(rows.count) were selected",
                hints: [
                    "take back what all of them were told at once:   orkctl keys undo --wave",
                    "forget all that is held against them:   orkctl keys reset",
                ])
        }
        return rows
    }

    /// - Parameter keys: those that were named; nil: none was, so all.
    private func marks(_ way: UndoWay, of keys: [KeyID]?) async throws -> Marks {
        // A glob may fit none.
        guard keys?.isEmpty != true else { return [:] }
        switch way {
        case .newest: return keys?.first.flatMap { key in last(of: key).map { [key: $0] } } ?? [:]
        case .wave:
            let all = try await standing(of: nil)
            return Self.byKey(KeyMark.wave(all, from: keys?.first, within: KeyMark.waveWindow))
        case .since(let time):
            return Self.byKey(
                try await standing(of: keys).filter {
                    $0.mark.isGuess && $0.mark.rest.sinceMilliseconds >= time.milliseconds
                })
        case .incident(let incident):
            let left = try await store.read { try incident.marks($0) }
            guard !left.isEmpty else {
                throw CodedError(.incidentNotFound, "there is no record of incident \(incident.text)")
            }
            // What is about an account was told of one of its keys.
            return Self.byKey(
                try await standing(of: keys).filter { key, mark in
                    left[Incident.Mark(mark)].map { $0.contains(key) || mark.rest.isOfAccount } ?? false
                })
        }
    }

    private static func byKey(_ marks: [(key: KeyID, mark: KeyMark)]) -> Marks {
        Dictionary(grouping: marks, by: \.key).mapValues { $0.map(\.mark) }
    }

    private func last(of key: KeyID) -> [KeyMark]? {
        let now = clock()
        return standing(of: key, at: now)?.facts.lastMark(at: now.wall).map { [$0] }
    }

    /// All that is held against some keys, or against all. Looks at a few at a
    /// time: requests wait for the same lock.
    private func standing(of keys: [KeyID]?) async throws -> [(key: KeyID, mark: KeyMark)] {
        let ids: [KeyID]
        if let keys {
            ids = keys
        } else {
            ids = try await store.read { try Int64.fetchAll($0, sql: "SELECT id FROM key").map { KeyID($0) } }
        }
        let now = clock()
        var marks: [(key: KeyID, mark: KeyMark)] = []
        for start in stride(from: 0, to: ids.count, by: Self.piece) {
            let piece = ids[start..<min(start + Self.piece, ids.count)]
            marks += box.decide { engine, _ in
                piece.flatMap { id in
                    let marks = engine.standing(of: id, at: now)?.facts.marks(at: now.wall) ?? []
                    return marks.map { (key: id, mark: $0) }
                }
            }
            await Task.yield()
        }
        return marks
    }

    private func takeBack(
        _ marks: [KeyMark], of row: KeyRow, _ outcome: inout KeyOutcome, _ order: Order, at now: WallTime,
        _ db: Database
    ) throws {
        var item = KeyOutcome.Item(row: row, changed: false, outcome: "unchanged")
        item.detail = "nothing is held against it"
        if var facts = standing(of: row.id, at: clock())?.facts {
            let held = facts.marks(at: now)
            if !held.isEmpty { item.detail = "nothing of that is held against it" }
            // What another order has taken back meanwhile is gone.
            let marks = marks.filter(held.contains)
            for mark in marks {
                facts.forget(mark)
                try AuditTable.append("keys.undo", row.name, by: order.actor, at: now, after: mark.audit, db)
                outcome.pool.append(.undo(row.id, mark, trigger: "undo"))
            }
            if !marks.isEmpty {
                try KeyFactsTable.put(facts, of: row.id, db)
                (item.changed, item.outcome) = (true, "undone")
                item.detail = marks.map(\.text).joined(separator: "; ")
            }
        }
        outcome.items.append(item)
    }
}
