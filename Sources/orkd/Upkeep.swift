import Logging
import ORKit

/// What must happen without a request: resting keys come back on time in
/// lists and history (RT-14), counters reach the disk. One loop, once a
/// second.
struct Upkeep: Sendable {
    let box: EngineBox
    let store: Store
    let operations: OperationsService
    let state: DaemonState
    let gateway: Gateway
    let logger: Logger
    private let conditions = ConditionLog()

    init(
        box: EngineBox, store: Store, operations: OperationsService, state: DaemonState, gateway: Gateway,
        logger: Logger
    ) {
        self.box = box
        self.store = store
        self.operations = operations
        self.state = state
        self.gateway = gateway
        self.logger = logger
    }

    /// Facts flushed at a time, so that the lock is held briefly.
    private static let flushBound = 500
    private static let hour = 3600
    private static let minute = 60

    func run() async {
        var beat = 0
        while !Task.isCancelled {
            turn()
            await tellFailures()
            await tellVisits()
            await tryStore(beat)
            await noteConditions()
            beat += 1
            if beat % Self.minute == 0 {
                state.mark()
                await tellTally()
            }
            if beat % Self.hour == 0 { await clean() }
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }

    private func turn() {
        let now = SystemClock.now()
        box.change { engine, _, effects in _ = engine.tick(at: now, effects: &effects) }
        if box.hasBudgets { box.changeBudgets(at: now) { $0.tick(at: $1) } }
        keepFacts()
    }

    private func noteConditions() async {
        let visible = await operations.present()
        for note in conditions.notes(of: visible, at: SystemClock.now().wall) { store.journal.keep(note) }
    }

    /// Whoever is not ready is sent no requests, so without this nobody would
    /// notice that the database can be written again, nor that it cannot.
    private func tryStore(_ beat: Int) async {
        let isDown = operations.conditions.isRaised(.storageUnavailable)
        if isDown || beat % 2 == 0 { await store.tryWriting(really: isDown) }
    }

    /// Writes down who was not let in during the last minute: one line, one
    /// audit row, however many they were (ruling 24).
    ///
    /// - Parameter early: the minute is not over, but the daemon is.
    func tellFailures(early: Bool = false) async {
        guard let report = gateway.failureReport(early: early) else { return }
        logger.warning(
            "callers were not let in",
            metadata: [
                "attempts": .stringConvertible(report.attempts),
                "addresses": .stringConvertible(report.addresses),
                "most": .array(report.lines.prefix(5).map { .string("\($0.text) \($0.attempts)") }),
            ])
        await operations.record(report)
    }

    /// Writes down who has begun to administer over HTTP.
    func tellVisits() async {
        let visits = gateway.takeVisits()
        guard !visits.isEmpty else { return }
        for visit in visits {
            logger.notice(
                "somebody administers over HTTP",
                metadata: ["who": .string(visit.who), "from": .string("\(visit.address)")])
        }
        await operations.record(visits)
    }

    /// Writes down what was counted during the last minute.
    func tellTally() async { try? await store.tellTally(at: SystemClock.now().wall) }

    /// Hands changed counters to the journal.
    func keepFacts() {
        keepAll { engine in engine.takeUses(limit: Self.flushBound).map { .keepUse($0, $1) } }
        keepAll { engine in engine.takeDirty(limit: Self.flushBound).map { .keepFacts($0, $1) } }
    }

    /// - Parameter take: takes at most `flushBound` of what has changed.
    private func keepAll(_ take: (inout Engine) -> [Effect]) {
        while true {
            let count = box.change { engine, _, effects in
                let taken = take(&engine)
                effects += taken
                return taken.count
            }
            if count < Self.flushBound { return }
        }
    }

    /// The hourly maintenance pass, the same as `orkctl cleanup`.
    private func clean() async {
        do {
            _ = try await operations.cleanup(classes: [], Order(actor: .daemon, dryRun: false))
        } catch {
            logger.warning("cleanup failed", metadata: ["error": .string("\(error)")])
        }
    }
}
