import ORKit

/// What one event loop has counted since the start: plain integers that only
/// the loop touches. Whoever wants them asks the loop.
struct LoopTally: Sendable {
    // Connections of callers on the data port
    var connections: Int64 = 0
    /// Told that there is no room.
    var surplus: Int64 = 0
    /// Ended before TLS stood.
    var failedHandshakes: Int64 = 0
    /// Answers of ours that no record tells of, by code.
    private(set) var refusals: [ErrorCode: Int64] = [:]

    // From the records of proxied requests
    private(set) var ends = [Int64](repeating: 0, count: RequestEnd.allCases.count)
    /// By the first digit of the status; 0 for none.
    private(set) var classes = [Int64](repeating: 0, count: 6)
    private(set) var causes = [Int64](repeating: 0, count: Cause.allCases.count)
    private(set) var durations = DurationHistogram()
    private(set) var firstBytes = DurationHistogram()
    private(set) var bytesIn: Int64 = 0
    private(set) var bytesOut: Int64 = 0
    private(set) var tokens = Tokens()
    private(set) var cost = Money.zero

    struct Tokens: Sendable {
        var prompt: Int64 = 0
        var cached: Int64 = 0
        var completion: Int64 = 0
        var reasoning: Int64 = 0

        /// The numbers are the upstream's, so nothing is said of their size.
        mutating func add(_ other: Tokens) {
            prompt.addClamped(other.prompt)
            cached.addClamped(other.cached)
            completion.addClamped(other.completion)
            reasoning.addClamped(other.reasoning)
        }
    }

    mutating func refuse(_ code: ErrorCode) { refusals[code, default: 0] += 1 }

    mutating func add(_ record: RequestRecord) {
        ends[Int(record.end.rawValue)] += 1
        classes[min(5, Int(record.status) / 100)] += 1
        if let code = record.code { refuse(code) }
        for place in record.attempts.indices {
            causes[Int(record.attempts[place].verdict.cause.rawValue)] += 1
        }
        durations.add(record.microseconds)
        if let first = record.firstByteMicroseconds { firstBytes.add(first) }
        bytesIn.addClamped(record.bytesIn)
        bytesOut.addClamped(record.bytesOut)
        let usage = record.usage
        tokens.add(
            Tokens(
                prompt: usage.prompt, cached: usage.cached, completion: usage.completion,
                reasoning: usage.reasoning))
        if let spent = usage.cost { cost = cost.addingClamped(spent) }
    }

    /// Several loops' together.
    mutating func add(_ other: LoopTally) {
        connections += other.connections
        surplus += other.surplus
        failedHandshakes += other.failedHandshakes
        refusals.merge(other.refusals, uniquingKeysWith: +)
        for place in ends.indices { ends[place] += other.ends[place] }
        for place in classes.indices { classes[place] += other.classes[place] }
        for place in causes.indices { causes[place] += other.causes[place] }
        durations.add(other.durations)
        firstBytes.add(other.firstBytes)
        bytesIn.addClamped(other.bytesIn)
        bytesOut.addClamped(other.bytesOut)
        tokens.add(other.tokens)
        cost = cost.addingClamped(other.cost)
    }
}

/// How long things took, in steps of about three.
struct DurationHistogram: Sendable {
    /// Microseconds.
    static let bounds: [Int64] = [
        1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 30_000_000,
        100_000_000, 300_000_000,
    ]

    /// Of each bound those above the bound before.
    private(set) var counts = [Int64](repeating: 0, count: bounds.count)
    /// All, also those above the last bound.
    private(set) var count: Int64 = 0
    private(set) var microseconds: Int64 = 0

    mutating func add(_ duration: Int64) {
        count += 1
        microseconds.addClamped(duration)
        if let place = Self.bounds.firstIndex(where: { duration <= $0 }) { counts[place] += 1 }
    }

    mutating func add(_ other: DurationHistogram) {
        count += other.count
        microseconds.addClamped(other.microseconds)
        for place in counts.indices { counts[place] += other.counts[place] }
    }
}

extension Int64 {
    /// Negative numbers, which nobody counts, are left out.
    fileprivate mutating func addClamped(_ other: Int64) {
        let (sum, overflow) = addingReportingOverflow(Swift.max(0, other))
        self = overflow ? .max : sum
    }
}
