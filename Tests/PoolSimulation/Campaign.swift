import ORKit

/// Many histories, one after the other: what happened in all of them, and the
/// first that broke a promise.
package struct Campaign: Sendable {
    package struct Failure: Sendable {
        package let seed: UInt64
        package let violation: String
        /// What the seed did up to there.
        package let trace: [String]
    }

    package static let events = 200

    package private(set) var seeds = 0
    package private(set) var counts: [String: Int] = [:]
    package private(set) var milliseconds: Int64 = 0
    package private(set) var failure: Failure?

    package init() {}

    /// Runs the seeds until one breaks a promise.
    package init(_ range: Range<UInt64>, fault: Oracle.Fault = .none, mutant: Mutant? = nil) {
        for seed in range {
            var history = History(seed: seed, fault: fault, mutant: mutant)
            history.run(events: Self.events)
            seeds += 1
            milliseconds += history.milliseconds
            if let violation = history.violation {
                var again = History(seed: seed, fault: fault, mutant: mutant, isTold: true)
                again.run(events: Self.events)
                failure = Failure(seed: seed, violation: violation, trace: again.story)
                return
            }
            counts.merge(history.counts, uniquingKeysWith: +)
        }
    }

    package mutating func add(_ other: Campaign) {
        seeds += other.seeds
        milliseconds += other.milliseconds
        counts.merge(other.counts, uniquingKeysWith: +)
        if let theirs = other.failure, failure.map({ theirs.seed < $0.seed }) ?? true { failure = theirs }
    }
}
