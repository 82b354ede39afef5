import Foundation
import Testing

@testable import ORKit

/// `ORK_SEED` runs one seed; `ORK_SEEDS` says how many.
@Suite("Engine simulation")
struct EngineSimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let firstSeed = environment["ORK_SEED"].flatMap { UInt64($0) }
    private static let seeds: Range<UInt64> =
        firstSeed.map { $0..<$0 + 1 } ?? 1..<(environment["ORK_SEEDS"].flatMap { UInt64($0) } ?? 2000) + 1
    private static let events = 200

    @Test("no history of a pool breaks a promise, and every rule and guard has been at work")
    func histories() {
        var counts: [String: Int] = [:]
        for seed in Self.seeds {
            var simulation = EngineSimulation(seed: seed)
            simulation.run(events: Self.events)
            if let violation = simulation.violation {
                Issue.record("\(violation) (repeat with ORK_SEED=\(seed))")
                return
            }
            counts.merge(simulation.counts, uniquingKeysWith: +)
        }
        print("engine simulation: \(Self.seeds.count) seeds × \(Self.events) events")
        for (what, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(what): \(count)") }
        guard Self.seeds.count >= 2000 else { return }
        let guards = [
            "five-failures", "trial-succeeded", "trial-failed", "rest-over", "check-valid", "check-rejected",
            "rejected-twice", "reset", "disable", "enable", "account", "restart", "removed", "again",
            "lease-same-again",
            "lease-trial", "refused-429", "refused-502", "refused-503", "refused-504", "no-upstream-key",
            "all-keys-resting", "all-keys-exhausted", "account-credits-out", "key-limit-reached",
            "key-rejected",
            "upstream-rate-limited", "upstream-error", "upstream-redirect", "upstream-slow",
            "upstream-unreachable",
        ]
        let choices = Choice.allCases.map { "lease-\($0.name)" }
        for what in guards + choices + Rule.table.map({ "rule \($0.name)" }) {
            #expect(counts[what, default: 0] >= 20, "\(what) was at work \(counts[what, default: 0]) times")
        }
    }

    @Test("the same seed gives the same history")
    func repeatable() {
        for seed in Self.seeds.prefix(40) {
            var first = EngineSimulation(seed: seed)
            var second = EngineSimulation(seed: seed)
            first.run(events: Self.events)
            second.run(events: Self.events)
            #expect(first.trace == second.trace, "seed \(seed)")
        }
    }

    @Test(
        "planted faults are found",
        arguments: [
            (EngineOracle.Fault.statedEndsLate, 60_000), (.blamesAnother, 60_000), (.breaksLate, 60_000),
            (.none, 50_000),
        ] as [(EngineOracle.Fault, Int64)])
    func planted(fault: EngineOracle.Fault, guessedRest: Int64) {
        let found = (1...300 as ClosedRange<UInt64>).contains { seed in
            var simulation = EngineSimulation(seed: seed, fault: fault, guessedRest: guessedRest)
            simulation.run(events: Self.events)
            return simulation.violation != nil
        }
        #expect(found)
    }
}
