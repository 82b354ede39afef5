/// Whether a request may begin.
public enum LimitAdmission: ~Copyable {
    /// Nothing bounds it.
    case free
    case admitted(LimitLease, LimitNotice)
    /// It counts nowhere.
    case refused(LimitRefusal)
}

/// The place of a request among those under way, and what it reserved. There
/// is only ever one of it, and giving it back uses it up.
public struct LimitLease: ~Copyable, Sendable {
    /// Nil: not bounded.
    let user: UserID?
    let client: ClientID?
    let ticket: Int64
    public let tokens: Int64
    let moment: LimitMoment
}

/// What an admitted caller is told: the limit of which least is left, requests
/// before tokens.
public struct LimitNotice: Sendable, Hashable {
    public struct Told: Sendable, Hashable {
        public var kind: LimitKind
        public var limit: Int64
        public var left: Int64
        /// Milliseconds until all of it is back.
        public var reset: Int64
    }

    public private(set) var told: Told?
    /// What would have been refused if the limit did more than report.
    public let over: LimitRefusal?

    init(over: LimitRefusal?) { self.over = over }

    /// Takes what a count says, in single numbers: a count that is handed on is
    /// copied, its ring with it.
    mutating func add(_ kind: LimitKind, limit: Int64, left: Int64, reset: @autoclosure () -> Int64) {
        guard tells(kind, left: left) else { return }
        told = Told(kind: kind, limit: limit, left: left, reset: reset())
    }

    /// Whether a count is to be told instead of the one so far. Bursts come back
    /// sooner than anybody could read of them.
    private func tells(_ kind: LimitKind, left: Int64) -> Bool {
        guard kind != .burst else { return false }
        guard let told else { return true }
        if told.kind.countsTokens != kind.countsTokens { return told.kind.countsTokens }
        return left < told.left
    }
}
