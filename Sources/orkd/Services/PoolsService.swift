internal import GRDB
import ORKit

/// Everything that operators do with pools (ruling 31). Shares the turn of
/// changes with the keys: the engine knows a pool before any of its keys.
struct PoolsService: PoolsServing {
    private let keys: KeysService

    init(_ keys: KeysService) { self.keys = keys }

    /// By id, the first pool first; all of them on one page, for they are few.
    func list(_ select: [String]) async throws -> Page<PoolView> {
        var items = try await keys.store.read { db in
            let all = try Self.views(db)
            return try select.isEmpty
                ? all
                : select.map { text in
                    let row = try PoolFields.find(text, db)
                    guard let view = all.first(where: { $0.id == row.id }) else {
                        throw CodedError(.poolNotFound)
                    }
                    return view
                }
        }
        let now = keys.clock().wall
        let sums = quotas(at: now)
        for place in items.indices {
            items[place].forecast = sums[items[place].id]?.forecast(at: now).map {
                JointForecastView($0, at: now)
            }
        }
        return Page(items: items, next: nil, total: items.count)
    }

    /// Of the keys of each pool.
    private func quotas(at now: WallTime) -> [PoolID: QuotaSum] {
        var sums: [PoolID: QuotaSum] = [:]
        for number in 0..<Engine.quotaPieces {
            for key in keys.box.decide({ engine, _ in engine.quotas(inPiece: number) }) {
                sums[key.pool, default: QuotaSum()].add(key.quota, key.use, at: now)
            }
        }
        return sums
    }

    func add(_ request: PoolAdd, _ order: Order) async throws -> Changes<PoolView> {
        let name = try PoolFields.name(request.name)
        let objective = try request.objective.map(PoolFields.objective)
        let floorShare = try request.floor.map(PoolFields.floorShare)
        let note = try request.note.map { try ClientFields.text($0, "note") }
        return try await change(order) { db, now in
            let wanted = PoolRow(
                id: .first, name: name, strategy: request.strategy, objective: objective,
                floorShare: floorShare,
                fallback: try request.fallback.map { try PoolFields.find($0, db).id }, note: note,
                addedAt: now, version: 1)
            if let present = try PoolTable.row(db, name: name) {
                guard present.hasSameContent(as: wanted) else {
                    throw CodedError(.poolExists, "“\(name)” exists with other settings")
                }
                return Outcome(row: present, word: "unchanged")
            }
            let row = try PoolTable.insert(wanted, db)
            try AuditTable.append(
                "pools.add", name, by: order.actor, at: now, after: try row.audit(db), db)
            return Outcome(row: row, word: "added", change: .pool(row.record))
        }
    }

    func set(_ request: PoolSet, _ order: Order) async throws -> Changes<PoolView> {
        try await change(order) { db, now in
            let before = try PoolFields.find(request.pool, db)
            if let version = request.ifVersion, version != before.version {
                throw CodedError.versionLost(
                    before.name, at: before.version, wanted: version, see: "orkctl pools list")
            }
            var row = try before.changed(by: request, db)
            guard !row.hasSameContent(as: before) || row.name != before.name else {
                return Outcome(row: before, word: "unchanged")
            }
            row.version += 1
            try PoolTable.update(row, db)
            try AuditTable.append(
                "pools.set", row.name, by: order.actor, at: now, before: try before.audit(db),
                after: try row.audit(db), db)
            return Outcome(row: row, word: "changed", change: .pool(row.record))
        }
    }

    /// Only a pool that nobody needs: keys and clients of a removed one would
    /// silently be everybody's.
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<PoolView> {
        guard let name = selection.select.first, selection.select.count == 1 else {
            throw CodedError(.badValue, "pools are removed one by one")
        }
        return try await change(order) { db, now in
            let row: PoolRow
            do {
                row = try PoolFields.find(name, db)
            } catch let error as CodedError where error.code == .poolNotFound {
                guard selection.ifExists == true else { throw error }
                return nil
            }
            try Self.checkUnused(row, db)
            try PoolTable.remove(row.id, db)
            try AuditTable.append(
                "pools.remove", row.name, by: order.actor, at: now, before: try row.audit(db), db)
            return Outcome(row: row, word: "removed", change: .removePool(row.id))
        }
    }

    private static func checkUnused(_ row: PoolRow, _ db: Database) throws {
        guard row.id != .first else {
            throw CodedError(.poolInUse, "“\(row.name)” is the first pool, which stays", hints: [])
        }
        let uses = try PoolTable.uses(db)
        if let clients = uses.clients[row.id] {
            throw CodedError(.poolInUse, "\(clients) clients are bound to “\(row.name)”")
        }
        if let keys = uses.keys[row.id] {
            throw CodedError(.poolInUse, "\(keys) keys are in “\(row.name)”")
        }
        if let other = try PoolTable.rows(db).first(where: { $0.fallback == row.id }) {
            throw CodedError(
                .poolInUse, "“\(row.name)” is the fallback of “\(other.name)”",
                hints: ["take it away:   orkctl pools set \(other.name) --fallback none"])
        }
    }

    // A change

    private struct Outcome: Sendable {
        var row: PoolRow
        var word: String
        var change: PoolChange?
    }

    /// Durable, then visible, then answered.
    private func change(
        _ order: Order, _ body: @escaping @Sendable (Database, WallTime) throws -> Outcome?
    ) async throws -> Changes<PoolView> {
        let now = keys.clock().wall
        typealias Answer = (items: [Change<PoolView>], change: PoolChange?, pools: [PoolRow])
        let answer = try await keys.commit(order) { db -> Answer in
            guard let outcome = try body(db, now) else { return ([], nil, try PoolTable.rows(db)) }
            let view = try outcome.row.view(db)
            let item = Change(item: view, changed: outcome.change != nil, outcome: outcome.word)
            return ([item], outcome.change, try PoolTable.rows(db))
        } publishing: { answer in
            keys.poolNames.adopt(answer.pools)
            return KeyOutcome(pool: [answer.change].compactMap { $0 })
        }
        return Changes(items: answer.items)
    }

    private static func views(_ db: Database) throws -> [PoolView] {
        let (rows, uses) = (try PoolTable.rows(db), try PoolTable.uses(db))
        return rows.map { $0.view(among: rows, uses) }
    }
}
