internal import GRDB
import ORKit

/// One maintenance pass. Everything is removed in slices, so that the writer
/// is never held for long and requests are recorded all the while; ending in
/// the middle leaves nothing half done.
struct Cleaning: Sendable {
    let store: Store
    let box: EngineBox
    let clients: ClientsService
    let retention: Retention
    let clock: @Sendable () -> Now

    /// - Returns: how many things were removed or, in a dry run, would be.
    func run(_ kind: CleanupClass, dryRun: Bool) async throws -> Int {
        let now = clock()
        let historyLimit = Retention.limit(days: retention.historyDays, before: now.wall)
        let auditLimit = Retention.limit(days: retention.auditDays, before: now.wall)
        switch kind {
        case .expiredRests: return dryRun ? countRests(at: now) : wakeKeys(at: now)
        case .clientGraces: return try await clients.removeExpiredGraces(dryRun: dryRun)
        case .requestRecords: return try await removeRecords(at: now.wall, dryRun: dryRun)
        case .ledger: return try await removePostings(at: now.wall, dryRun: dryRun)
        case .keyHistory:
            let surplus = try await surplus(beyond: retention.transitionCount, KeyTransitionTable.last)
            return try await remove(
                dryRun: dryRun,
                count: { try KeyTransitionTable.count(before: historyLimit, through: surplus, $0) },
                slice: {
                    try KeyTransitionTable.removeOldest(
                        before: historyLimit, through: surplus, rows: $0, $1)
                })
        case .audit:
            return try await remove(
                dryRun: dryRun, count: { try AuditTable.count(before: auditLimit, $0) },
                slice: { try AuditTable.removeOldest(before: auditLimit, rows: $0, $1) })
        case .events:
            let surplus = try await surplus(beyond: retention.eventCount, EventNoteTable.last)
            return try await remove(
                dryRun: dryRun,
                count: { try EventNoteTable.count(before: auditLimit, through: surplus, $0) },
                slice: {
                    try EventNoteTable.removeOldest(before: auditLimit, through: surplus, rows: $0, $1)
                })
        case .tombstones:
            return try await remove(
                dryRun: dryRun, count: { try Tombstones.count(before: auditLimit, $0) },
                slice: { try Tombstones.removeOldest(before: auditLimit, rows: $0, $1) })
        case .storePages:
            return try await remove(
                dryRun: dryRun, count: { try FreePages.count($0) }, slice: { try FreePages.giveBack($0, $1) })
        }
    }

    /// The newest row that so many are newer than; 0: there is none, or they
    /// are not counted.
    private func surplus(
        beyond most: Int, _ last: @escaping @Sendable (_ most: Int, Database) throws -> Int64
    ) async throws -> Int64 {
        most > 0 ? try await store.read { try last(most, $0) } : 0
    }

    /// What a slice of the writer's time may take, nanoseconds (ruling 46).
    private static let longestSlice: Int64 = 5_000_000

    private func remove(
        dryRun: Bool, count: @escaping @Sendable (Database) throws -> Int,
        slice: @escaping @Sendable (_ rows: Int, Database) throws -> Int
    ) async throws -> Int {
        let all = try await store.read(count)
        guard !dryRun, all > 0 else { return all }
        var removed = 0
        var rows = 64
        while true {
            let size = rows
            let clock = clock
            let (done, took) = try await store.transact { db in
                let start = clock().monotonic
                return (try slice(size, db), clock().monotonic - start)
            }
            guard done > 0 else { return removed }
            removed += done
            rows = Self.next(rows, after: took)
        }
    }

    /// No posting is removed before it is so old, milliseconds.
    private static let youngestPosting: Int64 = 2 * 3_600_000

    /// How many rows are removed next, when so many took so long.
    private static func next(_ rows: Int, after took: Int64) -> Int {
        took < longestSlice ? min(rows * 2, 8192) : max(rows / 2, 8)
    }

    /// Rows are read, checked and added up beside the writer, which only puts
    /// the checkpoint in their place.
    private func removePostings(at now: WallTime, dryRun: Bool) async throws -> Int {
        let limit = Retention.limit(days: retention.ledgerDays, before: now)
        let bytes = retention.ledgerBytes
        let youngest = now.advanced(byMilliseconds: -Self.youngestPosting)
        let surplus = try await store.read {
            try LedgerTable.surplus(before: limit, beyond: bytes, youngest: youngest, $0)
        }
        guard !dryRun else { return surplus.lines }
        var old = try await store.read { try LedgerCheckpoint($0) }
        let before = old.lines
        var rows = 64
        while old.sequence < surplus.through {
            let (now, size, clock) = (old, rows, clock)
            let next = try await store.read { try now.advanced(rows: size, through: surplus.through, $0) }
            let took: Int64? = try await store.transact { db in
                let start = clock().monotonic
                return try next.replaceRows(after: now, db) ? clock().monotonic - start : nil
            }
            guard let took else { break }
            old = next
            rows = Self.next(rows, after: took)
        }
        return Int(clamping: old.lines - before)
    }

    /// By age and size row by row, then by number: that cuts the row in which
    /// the oldest record to be kept lies.
    private func removeRecords(at now: WallTime, dryRun: Bool) async throws -> Int {
        let limit = try await recordLimit(at: now)
        let removed = try await remove(
            dryRun: dryRun, count: { try RequestTable.count(before: limit, $0) },
            slice: { try RequestTable.removeOldest(before: limit, rows: $0, $1) ?? 0 })
        let most = retention.requestCount
        guard most > 0 else { return removed }
        let oldest = try await store.read {
            try RequestTable.oldest(ofNewest: most, since: limit, $0)
        }
        guard let oldest else { return removed }
        return removed
            + (try await remove(
                dryRun: dryRun, count: { try RequestTable.count(below: oldest, since: limit, $0) },
                slice: { try RequestTable.removeOldest(below: oldest, rows: $0, $1) }))
    }

    /// The stricter of age and size.
    private func recordLimit(at now: WallTime) async throws -> WallTime {
        let byAge = Retention.limit(days: retention.requestDays, before: now)
        let bytes = retention.requestBytes
        let bySize = try await store.read { try RequestTable.start(ofNewest: bytes, $0) }
        return max(byAge, bySize ?? byAge)
    }

    private func countRests(at now: Now) -> Int {
        box.decide { engine, _ in engine.due(at: now) + engine.staleRests(at: now) }
    }

    /// What the daemon's own timer does, without waiting for it.
    private func wakeKeys(at now: Now) -> Int {
        let due = box.decide { engine, _ in engine.due(at: now) }
        var left = due
        while left > 0 { left = wake(left, at: now) }
        let stale = box.change { engine, _, effects in
            engine.forgetStaleRests(at: now, effects: &effects)
        }
        return due + stale
    }

    /// - Returns: how many are left; fewer than before, else none.
    private func wake(_ before: Int, at now: Now) -> Int {
        let left = box.change { engine, _, effects in
            _ = engine.tick(at: now, effects: &effects)
            return engine.due(at: now)
        }
        return left < before ? left : 0
    }
}
