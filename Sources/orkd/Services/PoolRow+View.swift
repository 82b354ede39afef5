internal import GRDB
import ORKit

extension PoolRow {
    func view(_ db: Database) throws -> PoolView {
        view(among: try PoolTable.rows(db), try PoolTable.uses(db))
    }

    func view(
        among rows: [PoolRow], _ uses: (keys: [PoolID: Int], clients: [PoolID: Int])
    ) -> PoolView {
        PoolView(
            id: id, name: name, strategy: strategy, objective: objective?.text,
            floor: floorShare.map { (1000 - $0) / 10 },
            fallback: rows.first { $0.id == fallback }?.name, note: note, keys: uses.keys[id] ?? 0,
            clients: uses.clients[id] ?? 0, addedAt: addedAt.rfc3339, version: version)
    }

    func audit(_ db: Database) throws -> [String: AuditValue] {
        let view = try view(db)
        return [
            "name": .text(name), "strategy": .text(strategy?.rawValue), "objective": .text(view.objective),
            "floor": .text(view.floor.map { "\($0)%" }), "fallback": .text(view.fallback),
            "note": .text(note), "version": .number(version),
        ]
    }

    /// In everything but the name.
    func hasSameContent(as other: PoolRow) -> Bool {
        strategy == other.strategy && objective == other.objective && floorShare == other.floorShare
            && fallback == other.fallback && note == other.note
    }

    func changed(by request: PoolSet, _ db: Database) throws -> PoolRow {
        var row = self
        if let name = request.name {
            row.name = try PoolFields.name(name)
            if row.name != self.name, try PoolTable.row(db, name: row.name) != nil {
                throw CodedError(.poolExists, "another pool is called “\(row.name)”", hints: [])
            }
        }
        if let strategy = request.strategy { row.strategy = try strategy.text.map(PoolFields.strategy) }
        if let objective = request.objective { row.objective = try objective.text.map(PoolFields.objective) }
        if let floor = request.floor {
            row.floorShare = try floor.text.map { try PoolFields.floorShare(Int($0) ?? -1) }
        }
        if let fallback = request.fallback {
            row.fallback = try fallback.text.map { try PoolFields.find($0, db).id }
            try row.checkFallback(db)
        }
        if let note = request.note { row.note = try note.text.map { try ClientFields.text($0, "note") } }
        return row
    }

    /// A pool cannot stand in for itself, over however many others.
    private func checkFallback(_ db: Database) throws {
        let rows = try PoolTable.rows(db)
        var next = fallback
        for _ in rows {
            guard let id = next else { return }
            guard id != self.id else {
                throw CodedError(.badValue, "the fallbacks would lead back to “\(name)”")
            }
            next = rows.first { $0.id == id }?.fallback
        }
    }
}
