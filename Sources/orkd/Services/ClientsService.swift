internal import GRDB
import ORKit

/// Everything that operators do with client keys. A change is on disk with
/// its audit row first, then in the tables of the data path, then answered.
final class ClientsService: ClientsServing {
    let store: Store
    /// What the data path counts of clients with a cap.
    let caps: RequestCaps
    private let clock: @Sendable () -> Now
    private let gather: @Sendable () async -> Void
    private let changed: @Sendable ([ClientDelta]) async -> Void
    /// The data path hears of changes in the order of their commits.
    private let turns = Turns()

    /// Rows of one page.
    private static let pageSize = 500

    /// - Parameters:
    ///   - gather: has the event loops hand over what has ended.
    ///   - changed: brings the tables of the data path up to date; awaited
    ///     before the change is answered.
    init(
        _ store: Store, clock: @escaping @Sendable () -> Now,
        gather: @escaping @Sendable () async -> Void = {},
        changed: @escaping @Sendable ([ClientDelta]) async -> Void
    ) {
        self.store = store
        caps = RequestCaps { serial, change in
            do {
                try await store.transact { try ClientCountTable.add(change, to: serial, $0) }
                return true
            } catch {
                return false
            }
        }
        self.clock = clock
        self.gather = gather
        self.changed = changed
    }

    /// What the data path begins with: every key that works, or would but for
    /// its client's state, old keys in their grace included.
    func loadTable() async throws -> [Digest: ClientEntry] {
        let now = clock().wall
        let loaded = try await store.read { db in
            var table: [Digest: ClientEntry] = [:]
            var counts: [Int64: Int64] = [:]
            for row in try ClientTable.rows(db, where: "1") {
                for case .put(let digest, let entry) in try row.deltas(at: now, db) { table[digest] = entry }
                if row.maxRequests != nil, let count = try ClientCountTable.count(of: row.id, db) {
                    counts[count.serial] = count.taken
                }
            }
            return (table: table, counts: counts)
        }
        caps.open(loaded.counts)
        return loaded.table
    }

    /// For `status`: how many there are, and how many may call. Reads them
    /// all.
    func tally() async throws -> StatusReport.ClientTally {
        let now = clock().wall
        return try await store.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*), coalesce(sum(enabled AND (expires_at IS NULL OR expires_at > ?)), 0) FROM client
                    """, arguments: [now.milliseconds])
            return StatusReport.ClientTally(
                total: Int(clamping: row?.number(0) ?? 0), usable: Int(clamping: row?.number(1) ?? 0))
        }
    }

    /// Nil when somebody can call, which is found out without counting them
    /// all; else how many there are that cannot.
    func countIfNoneCanCall() async throws -> Int? {
        let now = clock().wall
        let all = try ClientFilter(ClientQuery(), at: now)
        let usable = try ClientFilter(ClientQuery(states: ["usable"]), at: now)
        return try await store.read { db in
            try usable.rows(after: "", limit: 1, db).isEmpty ? all.count(db) : nil
        }
    }

    /// By name. What was counted until now is in the answer.
    func list(_ query: ClientQuery) async throws -> Page<ClientView> {
        let filter = try ClientFilter(query, at: clock().wall)
        await settleCounts()
        return try await store.read { db in
            let limit = query.page.limit ?? Self.pageSize
            var rows: [ClientRow]
            var total: Int
            if query.select.isEmpty {
                rows = try filter.rows(after: query.page.cursor ?? "", limit: limit + 1, db)
                total = try filter.count(db)
            } else {
                let found = try filter.chosen(try ClientSelection.find(query.select, db), db)
                rows = found.filter { $0.name > query.page.cursor ?? "" }.sorted { $0.name < $1.name }
                total = found.count
            }
            let next = rows.count > limit ? rows[limit - 1].name : nil
            let items = try rows.prefix(limit).map { try $0.view(at: filter.now, db) }
            return Page(items: items, next: next, total: total)
        }
    }

    /// Brings what the data path has counted into the store.
    func settleCounts() async {
        await gather()
        // A disk that cannot be written does not keep anybody from reading.
        _ = try? await store.transact { _ in }
    }

    /// One change of clients.
    func change(
        _ order: Order, _ body: @escaping @Sendable (Database, WallTime) throws -> ClientOutcome
    ) async throws -> Changes<ClientView> {
        try await commit(order) { db, now in
            let outcome = try body(db, now)
            return (outcome.changes, outcome)
        }
    }

    /// One change, of whatever decides about clients: durable, then visible,
    /// then told.
    func commit<Answer: Sendable>(
        _ order: Order, _ body: @escaping @Sendable (Database, WallTime) throws -> (Answer, ClientOutcome)
    ) async throws -> Answer {
        try await turns.take {
            let now = clock().wall
            let (answer, outcome) = try await store.transact(dryRun: order.dryRun) { db in try body(db, now) }
            guard !order.dryRun else { return answer }
            // A count is there before the first entry that refers to it.
            caps.open(outcome.counts)
            if !outcome.deltas.isEmpty { await changed(outcome.deltas) }
            caps.close(outcome.closed)
            return answer
        }
    }

    /// Old keys whose grace is over: they work no longer anyway, this takes
    /// them out of the tables.
    ///
    /// - Returns: how many.
    func removeExpiredGraces(dryRun: Bool) async throws -> Int {
        try await turns.take {
            let now = clock().wall
            let digests = try await store.transact(dryRun: dryRun) { db in
                try ClientTable.removeExpiredGraces(at: now, db)
            }
            if !dryRun, !digests.isEmpty { await changed(digests.map { .remove($0) }) }
            return digests.count
        }
    }
}

/// What one change did, before anybody has heard of it.
struct ClientOutcome: Sendable {
    var changes = Changes<ClientView>(items: [])
    var deltas: [ClientDelta] = []
    /// Of caps that are new, by serial: how many requests were granted.
    var counts: [Int64: Int64] = [:]
    /// Serials of caps that are gone.
    var closed: [Int64] = []

    mutating func add(_ other: ClientOutcome) {
        changes.items += other.changes.items
        deltas += other.deltas
        counts.merge(other.counts) { $1 }
        closed += other.closed
    }
}
