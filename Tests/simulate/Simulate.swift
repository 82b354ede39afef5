// simulate: the pool's simulation over as many seeds as wanted.
// Here: arguments, one task per core, the report.
// Not here: what is simulated, which is in PoolSimulation. Imports PoolSimulation, Foundation for the exit code.

import Foundation
import PoolSimulation

/// `simulate [FIRST [COUNT [TASKS]]]`: runs the seeds and says how fast, how
/// much time passed in them, and how often each thing happened. With one seed,
/// and for the first seed that fails, it tells the story.
@main
struct Simulate {
    /// Seeds of one piece of work.
    private static let piece: UInt64 = 1000

    static func main() async {
        let words = CommandLine.arguments.dropFirst().map { UInt64($0) }
        guard words.count <= 3, !words.contains(nil) else {
            print("usage: simulate [FIRST [COUNT [TASKS]]]")
            return
        }
        let numbers = words.compactMap { $0 }
        let first = numbers.first ?? 1
        let count = numbers.count > 1 ? numbers[1] : 100_000
        let tasks = numbers.count > 2 ? max(1, numbers[2]) : 1
        let clock = ContinuousClock()
        let start = clock.now
        let campaign = await run(first..<first + count, tasks: tasks)
        let seconds = start.duration(to: clock.now) / .seconds(1)
        report(campaign, seconds)
    }

    private static func run(_ seeds: Range<UInt64>, tasks: UInt64) async -> Campaign {
        await withTaskGroup(of: Campaign.self) { group in
            var next = seeds.lowerBound
            var whole = Campaign()
            func start() {
                guard next < seeds.upperBound else { return }
                let part = next..<min(next + piece, seeds.upperBound)
                next = part.upperBound
                group.addTask { Campaign(part) }
            }
            for _ in 0..<tasks { start() }
            for await campaign in group {
                whole.add(campaign)
                if whole.failure == nil { start() }
            }
            return whole
        }
    }

    private static func report(_ campaign: Campaign, _ seconds: Double) {
        for (what, count) in campaign.counts.sorted(by: { $0.key < $1.key }) { print("\(what): \(count)") }
        let days = campaign.milliseconds / 86_400_000
        print("\(campaign.seeds) seeds × \(Campaign.events) events, \(days) days simulated")
        print("\(Int(seconds * 1000)) ms, \(Int(Double(campaign.seeds) / max(seconds, 0.001))) seeds/s")
        if let failure = campaign.failure {
            for line in failure.trace { print("  \(line)") }
            print("FAILED: seed \(failure.seed): \(failure.violation)")
            exit(1)
        }
    }
}
