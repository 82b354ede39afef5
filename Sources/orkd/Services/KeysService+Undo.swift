internal import GRDB
import ORKit

// What automation holds against keys, taken back.

extension KeysService {
    /// Marks of one wave follow each other within this, in milliseconds.
    private static let waveWindow: Int64 = 10_000
    private static let piece = 256

    private typealias Marks = [KeyID: [KeyMark]]

    /// Takes back the newest mark that automation left on the key, and no
    /// other: what `reset` forgets at once goes step by step. Or the wave that
    /// it is one of.
    func undo(_ request: KeyUndo, _ order: Order) async throws -> Changes<KeyView> {
        let row = try await store.read { try Self.start(request, $0) }
        var found: Marks = [:]
        if request.wave == true {
            found = try await wave(from: row?.id)
        } else if let row {
            found[row.id] = last(of: row.id)
        }
        let marks = found
        let changes = try await changeEach(order) { db, _ in
            guard !marks.isEmpty else { return [row].compactMap { $0 } }
            return try marks.keys.sorted().compactMap { try KeyTable.row(db, id: $0) }
        } change: { [self] row, outcome, db, now in
            try takeBack(marks[row.id] ?? [], of: row, &outcome, order, at: now, db)
        }
        // What the engine has just forgotten of other keys, and after facts that were on their way already.
        if !order.dryRun { try await store.transact { _ in } }
        return changes
    }

    /// The key to begin with; nil: whichever has the newest mark.
    private static func start(_ request: KeyUndo, _ db: Database) throws -> KeyRow? {
        guard !request.select.isEmpty else {
            guard request.wave == true else { throw CodedError(.badValue, "name a key, or ask for the wave") }
            return nil
        }
        let rows = try KeySelection.find(request.select, ifExists: request.ifExists ?? false, db).rows
        guard rows.count < 2 else {
            throw CodedError(
                .badValue, "verdicts are taken back key by key, but \(rows.count) were selected",
                hints: [
                    "take back what all of them were told at once:   orkctl keys undo --wave",
                    "forget all that is held against them:   orkctl keys reset",
                ])
        }
        return rows.first
    }

    private func last(of key: KeyID) -> [KeyMark]? {
        let now = clock()
        return standing(of: key, at: now)?.facts.lastMark(at: now.wall).map { [$0] }
    }

    /// Looks at a few keys at a time: requests wait for the same lock.
    private func wave(from key: KeyID?) async throws -> Marks {
        let ids = try await store.read { try Int64.fetchAll($0, sql: "SELECT id FROM key").map { KeyID($0) } }
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
        let wave = KeyMark.wave(marks, from: key, within: Self.waveWindow)
        return Dictionary(grouping: wave, by: \.key).mapValues { $0.map(\.mark) }
    }

    private func takeBack(
        _ marks: [KeyMark], of row: KeyRow, _ outcome: inout KeyOutcome, _ order: Order, at now: WallTime,
        _ db: Database
    ) throws {
        var item = KeyOutcome.Item(row: row, changed: false, outcome: "unchanged")
        item.detail = "nothing is held against it"
        if var facts = standing(of: row.id, at: clock())?.facts {
            // What another order has taken back meanwhile is gone.
            let marks = marks.filter(facts.marks(at: now).contains)
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
