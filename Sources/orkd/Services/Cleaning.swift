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
        case .keyHistory:
            let most = retention.transitionCount
            let surplus =
                most > 0 ? try await store.read { try KeyTransitionTable.last(beyond: most, $0) } : 0
            return try await remove(
                dryRun: dryRun,
                count: { try KeyTransitionTable.count(before: historyLimit, through: surplus, $0) },
                slice: {
                    try KeyTransitionTable.removeOldest(
                        before: historyLimit, through: surplus, rows: $0, $1)
                })
        case .audit:
            return try await remove(
                dryRun: dryRun,
                count: {
                    try AuditTable.count(before: auditLimit, $0)
                        + EventNoteTable.count(before: auditLimit, $0)
                },
                slice: {
                    try AuditTable.removeOldest(before: auditLimit, rows: $0, $1)
                        + EventNoteTable.removeOldest(before: auditLimit, rows: $0, $1)
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
            rows = took < Self.longestSlice ? min(rows * 2, 8192) : max(rows / 2, 8)
        }
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
