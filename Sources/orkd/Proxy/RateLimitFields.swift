import ORKit

/// What a caller with limits is told of them (RL-08).
struct RateLimitFields: Sendable {
    private let limit: Int64
    private let remaining: Int64
    /// Nil: it does not come back by itself.
    private let reset: WallTime?

    init(_ told: LimitNotice.Told, at now: WallTime) {
        limit = told.limit
        remaining = told.left
        reset = now.advanced(byMilliseconds: told.reset)
    }

    init(_ refusal: LimitRefusal, at now: WallTime) {
        limit = refusal.limit
        remaining = refusal.left
        reset = refusal.kind == .concurrency ? nil : now.advanced(byMilliseconds: refusal.reset)
    }

    /// The time in milliseconds since 1970, as OpenRouter has it.
    private func each(_ tell: (_ name: StaticString, _ value: Int64) -> Void) {
        tell("X-RateLimit-Limit", limit)
        tell("X-RateLimit-Remaining", remaining)
        if let reset { tell("X-RateLimit-Reset", reset.milliseconds) }
    }

    /// As lines of a head.
    func write(into lines: inout [UInt8]) {
        each { name, value in
            lines.append(name)
            lines.append(": ")
            lines.append(decimal: value)
            lines.append("\r\n")
        }
    }

    /// For answers of our own.
    var fields: [(String, String)] {
        var fields: [(String, String)] = []
        each { fields.append(("\($0)", "\($1)")) }
        return fields
    }
}
