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
    func write(into lines: inout [UInt8]) {
        lines.append("X-RateLimit-Limit: ")
        lines.append(decimal: limit)
        lines.append("\r\nX-RateLimit-Remaining: ")
        lines.append(decimal: remaining)
        if let reset {
            lines.append("\r\nX-RateLimit-Reset: ")
            lines.append(decimal: reset.milliseconds)
        }
        lines.append("\r\n")
    }

    /// The same, for answers of our own.
    var fields: [(String, String)] {
        let numbers = [
            ("X-RateLimit-Limit", String(limit)), ("X-RateLimit-Remaining", String(remaining)),
        ]
        return numbers + (reset.map { [("X-RateLimit-Reset", String($0.milliseconds))] } ?? [])
    }
}
