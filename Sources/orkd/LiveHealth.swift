import ORKit
import Synchronization

/// Answers the probes from memory.
struct LiveHealth: HealthSource {
    let state: DaemonState
    let box: EngineBox
    let operations: OperationsService
    let clients: ClientsService
    let conditions: Conditions

    func health() async -> HealthFacts {
        let now = SystemClock.now()
        let tally = box.decide { engine, _ in engine.tally(at: now) }
        // The count of clients is a courtesy: when the store cannot tell it, the probe still answers.
        let users = (try? await clients.tally())?.total ?? 0
        return HealthFacts(
            storeReady: storeReady(at: now), draining: state.isDraining, upstream: upstream,
            keysByState: Dictionary(uniqueKeysWithValues: tally.map { ($0.key.rawValue, $0.value) }),
            userCount: users,
            uptimeSeconds: state.uptimeSeconds, conditions: await operations.present())
    }

    func readiness() -> Readiness {
        if state.isDraining { return .draining }
        return storeReady(at: SystemClock.now()) ? .ready : .storeUnavailable
    }

    private func storeReady(at now: Now) -> Bool {
        !conditions.visible(at: now).contains { $0.code == .storageUnavailable }
    }

    /// What the latest request to the upstream met.
    private var upstream: HealthFacts.Upstream {
        let loops = state.loops?.contexts ?? []
        let answer = loops.map { $0.counters.lastAnswer.load(ordering: .relaxed) }.max() ?? 0
        let failure = loops.map { $0.counters.lastFailure.load(ordering: .relaxed) }.max() ?? 0
        if answer == 0, failure == 0 { return .unknown }
        return answer >= failure ? .connected : .unreachable
    }
}
