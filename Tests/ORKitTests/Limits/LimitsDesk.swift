@testable import ORKit

/// Limits with a clock that a test turns.
struct LimitsDesk {
    var limits: Limits
    var now: Now

    init(_ wall: String = "2026-11-21T12:00:00Z", standard: LimitRecord? = nil) {
        now = Now(monotonic: 5_000_000_000, wall: WallTime(rfc3339: wall) ?? WallTime(milliseconds: 0))
        limits = Limits(standard: standard, at: now)
    }

    static let client = ClientID(7)
    static let user = UserID(3)

    mutating func bound(_ numbers: [LimitKind: Int64], shadow: Bool = false) {
        limits.set(LimitRecord(numbers, isShadow: shadow), for: .client(Self.client))
    }

    mutating func pass(milliseconds: Int64) {
        now.monotonic += milliseconds * 1_000_000
        now.wall = now.wall.advanced(byMilliseconds: milliseconds)
    }

    /// Somebody sets the clock.
    mutating func turn(milliseconds: Int64) { now.wall = now.wall.advanced(byMilliseconds: milliseconds) }

    /// The process ends and begins again after that long.
    mutating func restart(
        after milliseconds: Int64, standard: LimitRecord? = nil, records: [LimitSubject: LimitRecord]
    ) {
        let kept = limits.takeChanged(at: now)
        pass(milliseconds: milliseconds)
        now.monotonic = 0
        limits = Limits(standard: standard, clock: kept.clock, at: now)
        for (subject, record) in records { limits.set(record, for: subject) }
        for (subject, use) in kept.uses { limits.load(use, of: subject, at: now) }
    }

    /// Asks; what it admits goes on for ever.
    mutating func ask(
        user: UserID = .house, client: ClientID = Self.client, tokens: Int64 = 0
    ) -> LimitRefusal? {
        switch limits.admit(user: user, client: client, tokens: tokens, at: now) {
        case .free: nil
        case .admitted: nil
        case .refused(let refusal): refusal
        }
    }

    /// How many of so many are admitted, and what the first refusal says.
    mutating func ask(times: Int, user: UserID = .house, client: ClientID = Self.client) -> Int {
        (0..<times).reduce(0) { count, _ in ask(user: user, client: client) == nil ? count + 1 : count }
    }

    mutating func used(_ kind: LimitKind, of subject: LimitSubject = .client(Self.client)) -> Int64? {
        limits.standing(of: subject, at: now)?.uses.first { $0.kind == kind }?.used
    }
}
