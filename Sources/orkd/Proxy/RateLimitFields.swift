import ORKit

/// What a caller with limits is told of them (RL-08).
struct RateLimitFields: Sendable {
    let limit: Int64
    let remaining: Int64
    /// Nil: it does not come back by itself.
    let reset: WallTime?
}

extension RateLimitFields {
    init(_ told: LimitNotice.Told, at now: WallTime) {
        self.init(
            limit: told.limit, remaining: told.left, reset: now.advanced(byMilliseconds: told.reset))
    }

    init(_ refusal: LimitRefusal, at now: WallTime) {
        self.init(
            limit: refusal.limit, remaining: refusal.left,
            reset: refusal.kind == .concurrency ? nil : now.advanced(byMilliseconds: refusal.reset))
    }

    /// The time in milliseconds since 1970, as OpenRouter has it.
    private func each(_ tell: (_ name: StaticString, _ value: Int64) -> Void) {
        tell("X-RateLimit-Limit", limit)
        tell("X-RateLimit-Remaining", remaining)
        if let reset { tell("X-RateLimit-Reset", reset.milliseconds) }
    }

    /// The most bytes that `write` takes: three names of no more than 21, and
    /// four bytes around each number.
    static let longest = 3 * (21 + 4 + ByteWriter.longestDecimal)

    /// As lines of a head.
    func write(to head: inout ByteWriter) {
        each { name, value in head.put(field: name, value) }
    }

    /// For answers of our own.
    var fields: [(String, String)] {
        var fields: [(String, String)] = []
        each { fields.append(("\($0)", "\($1)")) }
        return fields
    }
}
