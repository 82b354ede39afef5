internal import GRDB
import NIOConcurrencyHelpers
import ORKit

/// What operators ask of the daemon as a whole: how it is, its settings,
/// maintenance, draining.
final class OperationsService: OperationsServing {
    let store: Store
    let box: EngineBox
    let clients: ClientsService
    let clock: @Sendable () -> Now
    let turns = Turns()
    let conditions: Conditions
    let controls: DaemonControls
    private let facts: any DaemonFacts
    private let poolNames: PoolNames
    private let retention: NIOLockedValueBox<Retention>
    /// What models cost, if that is known.
    let prices: @Sendable () -> PriceTable?

    init(
        _ store: Store, box: EngineBox, clients: ClientsService, conditions: Conditions,
        facts: any DaemonFacts,
        controls: DaemonControls, retention: Retention = Retention(), poolNames: PoolNames = PoolNames(),
        prices: @escaping @Sendable () -> PriceTable? = { nil },
        clock: @escaping @Sendable () -> Now
    ) {
        self.store = store
        self.box = box
        self.clients = clients
        self.conditions = conditions
        self.facts = facts
        self.controls = controls
        self.poolNames = poolNames
        self.prices = prices
        self.retention = NIOLockedValueBox(retention)
        self.clock = clock
    }

    func status() async throws -> StatusReport {
        let tally = try await clients.tally()
        let picture = look(noneOf: tally.usable == 0 ? tally.total : nil, at: clock())
        let condition = try store.condition()
        let journal = store.journal.report()
        var traffic = facts.traffic
        traffic.recordsDropped = journal.dropped
        return StatusReport(
            version: API.release, pid: facts.pid, uptimeSeconds: facts.uptimeSeconds,
            serving: picture.serving,
            listeners: facts.listeners, socket: facts.socket, auth: facts.isOpen ? "open" : "required",
            upstream: facts.upstream, strategy: picture.strategy,
            keys: StatusReport.KeyTally(
                total: picture.byState.values.reduce(0, +),
                byState: Dictionary(uniqueKeysWithValues: picture.byState.map { ($0.key.rawValue, $0.value) })
            ),
            clients: tally, traffic: traffic,
            store: StatusReport.StoreReport(
                path: condition.path, schema: condition.schema, bytes: condition.bytes,
                behindMilliseconds: journal.behindMilliseconds, synchronous: condition.synchronous),
            memoryBytes: facts.memoryBytes, conditions: picture.conditions)
    }

    /// `down` when nothing at all can be served, which is a matter of the
    /// store; without a usable key the daemon itself is well (HL-01, HL-08).
    func health() async throws -> HealthReport {
        guard let picture = await look() else {
            return HealthReport(status: "down", conditions: conditions.visible(at: clock()))
        }
        let isDown = picture.conditions.contains { $0.code == .storageUnavailable }
        let isDegraded =
            picture.serving != "serving" || picture.conditions.contains { $0.severity == "error" }
        return HealthReport(
            status: isDown ? "down" : isDegraded ? "degraded" : "healthy", conditions: picture.conditions)
    }

    func version() async throws -> VersionReport {
        let sqlite = try await store.read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
        return VersionReport(version: API.release, api: API.version, sqlite: sqlite ?? "unknown")
    }

    /// Safe to run twice and side by side; the second finds nothing (CL-02).
    func cleanup(classes: [String], _ order: Order) async throws -> CleanupReport {
        let wanted = try CleanupClass.read(classes)
        let cleaning = Cleaning(
            store: store, box: box, clients: clients, retention: retention.withLockedValue { $0 },
            clock: clock)
        var counts = Dictionary(uniqueKeysWithValues: CleanupClass.allCases.map { ($0.rawValue, 0) })
        try await turns.take {
            for kind in wanted { counts[kind.rawValue] = try await cleaning.run(kind, dryRun: order.dryRun) }
            let done = counts.filter { $0.value > 0 }.mapValues { AuditValue.number(Int64($0)) }
            guard !order.dryRun, !done.isEmpty else { return }
            let now = clock().wall
            try await store.transact { db in
                try AuditTable.append("cleanup", "store", by: order.actor, at: now, after: done, db)
            }
            store.journal.truncateLog()
        }
        return CleanupReport(classes: counts, dryRun: order.dryRun)
    }

    /// Everything that is wrong at this moment, looked at now.
    func present() async -> [ConditionView] {
        await look()?.conditions ?? conditions.visible(at: clock())
    }

    /// From the next pass of maintenance on.
    func keep(for retention: Retention) { self.retention.withLockedValue { $0 = retention } }

    /// Requests under way.
    var inFlight: Int { facts.traffic.inFlight }

    /// What is true of the daemon at one moment.
    private struct Picture {
        var strategy: Strategy
        var byState: [KeyState: Int]
        /// `serving`, `not-serving` or `draining`.
        var serving: String
        var conditions: [ConditionView]
    }

    /// - Returns: nil when not even reading works; why, the journal has said.
    private func look() async -> Picture? {
        do {
            return look(noneOf: try await clients.countIfNoneCanCall(), at: clock())
        } catch {
            return nil
        }
    }

    /// - Parameter clients: how many there are when none can call.
    private func look(noneOf clients: Int?, at now: Now) -> Picture {
        let (strategy, byState, standstill, floors) = box.decide { engine, _ in
            (engine.strategy, engine.tally(at: now), engine.standstill(at: now), engine.floorsReached)
        }
        let isDraining = facts.isDraining
        let derived = [
            Condition.pool(standstill, byState: byState),
            Condition.floor(floors.map { (poolNames[$0.pool], $0) }),
            Condition.clients(noneOf: clients, isOpen: facts.isOpen),
            Condition.journal(dropped: store.journal.report().dropped),
            facts.shortage.map { Condition(.overloaded, .error, text: $0) },
            Condition.certificate(expires: facts.certificateExpires, at: now.wall),
            isDraining ? Condition(.draining) : nil,
        ]
        conditions.derive(derived.compactMap { $0 }, at: now)
        let visible = conditions.visible(at: now)
        let cannotServe = standstill != nil || visible.contains { $0.code == .storageUnavailable }
        return Picture(
            strategy: strategy, byState: byState,
            serving: isDraining ? "draining" : cannotServe ? "not-serving" : "serving", conditions: visible)
    }
}
