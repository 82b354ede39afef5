import Dispatch
import Foundation
import PoolSimulation
import Testing

@testable import ORKit

/// `ORK_SEED` runs one seed; `ORK_SEEDS` says how many.
@Suite("Pool simulation")
struct PoolSimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let firstSeed = environment["ORK_SEED"].flatMap { UInt64($0) }
    private static let seeds: Range<UInt64> =
        firstSeed.map { $0..<$0 + 1 } ?? 1..<(environment["ORK_SEEDS"].flatMap { UInt64($0) } ?? 3000) + 1

    /// Of all campaigns, one after the other. Tests have as many threads as
    /// there are cores: were these minutes spent there, nobody who waits for
    /// the network would get a turn before its deadline.
    private static let thread = DispatchQueue(label: "pool simulation")

    private static func apart(_ work: @escaping @Sendable () -> Campaign) async -> Campaign {
        await withCheckedContinuation { result in thread.async { result.resume(returning: work()) } }
    }

    @Test("no history of a pool breaks a promise, and every answer and guard has been at work")
    func histories() async {
        let campaign = await Self.apart { Campaign(Self.seeds) }
        if let failure = campaign.failure {
            Issue.record("\(failure.violation) (repeat with ORK_SEED=\(failure.seed))")
            print(failure.trace.joined(separator: "\n"))
            return
        }
        let counts = campaign.counts
        print("pool simulation: \(campaign.seeds) seeds × \(Campaign.events) events")
        for (what, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(what): \(count)") }
        guard Self.seeds.count >= 2000 else { return }
        let choices = Choice.allCases.map { "lease-\($0.name)" }
        for what in Self.wanted + choices + Utterance.all.map({ "rule \($0.rule)" }) {
            #expect(counts[what, default: 0] >= 20, "\(what) was at work \(counts[what, default: 0]) times")
        }
        // The rows of the other authors are operators' alone: `KeysDeclareTests` goes through all declarations.
        for from in KeyState.allCases {
            for to in TransitionAuthor.engine.ends(from: from) {
                let row = "\(from) to \(to)"
                guard !TransitionAuthorTests.seldom.contains(row) else { continue }
                #expect(counts["engine: \(row)", default: 0] > 0, "\(row) never happens")
            }
        }
    }

    private static let wanted = [
        "five-failures", "trial-succeeded", "trial-failed", "rest-over", "check-valid", "check-rejected",
        "rejected-twice", "reset", "disable", "enable", "account", "restart", "removed", "again",
        "refused-429", "refused-502", "refused-503", "refused-504", "no-upstream-key", "all-keys-resting",
        "all-keys-exhausted", "account-credits-out", "key-limit-reached", "key-rejected",
        "upstream-rate-limited", "upstream-error", "upstream-redirect", "upstream-slow",
        "upstream-unreachable", "fallback", "moved", "pool", "pool-removed", "waited", "incident",
        "storm too slow to tell", "queued", "let go", "queue-served", "queue-refused", "queue-expired",
        "queue-left", "queue-full", "queue-hopeless",
    ]

    @Test("whatever a rule can prove, an upstream of the simulation says")
    func vocabulary() {
        struct Meaning: Hashable {
            var scope: FailureScope
            var cause: Cause
            var remedy: Remedy
        }
        let said = Set(Utterance.all.map { Meaning(scope: $0.scope, cause: $0.cause, remedy: $0.remedy) })
        for rule in Rule.table {
            let meaning = Meaning(scope: rule.scope, cause: rule.cause, remedy: rule.remedy)
            #expect(said.contains(meaning), "\(rule.name)")
        }
    }

    @Test("the same seed gives the same history")
    func repeatable() {
        for seed in Self.seeds.prefix(40) {
            var first = History(seed: seed)
            var second = History(seed: seed, isTold: true)
            first.run(events: Campaign.events)
            second.run(events: Campaign.events)
            #expect(first.trace == second.trace && !second.story.isEmpty, "seed \(seed)")
        }
    }

    /// In the first the checker took a failure that the engine need not have
    /// counted for the certain beginning of a burst; in the second any answer
    /// ended an incident on several models.
    @Test(
        "what was once found among ten million histories is no fault any more",
        arguments: [3_036_409, 9_294_707] as [UInt64])
    func foundLate(seed: UInt64) {
        let campaign = Campaign(seed..<seed + 1)
        #expect(campaign.failure == nil, "\(campaign.failure?.violation ?? "")")
    }

    @Test("a checker that is wrong is found out", arguments: Oracle.Fault.allCases.filter { $0 != .none })
    func planted(fault: Oracle.Fault) async {
        let campaign = await Self.apart { Campaign(1..<400, fault: fault) }
        #expect(campaign.failure != nil)
    }

    @Test("the loss of any one guard is noticed", arguments: Mutant.all.map(\.name))
    func mutants(name: String) async throws {
        let mutant = try #require(Mutant.all.first { $0.name == name })
        let campaign = await Self.apart { Campaign(1..<6000, mutant: mutant) }
        #expect(campaign.failure != nil)
        print(
            "without a guard (\(name)): seed \(campaign.failure.map { "\($0.seed): \($0.violation)" } ?? "–")"
        )
    }
}
