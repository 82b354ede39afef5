/// What somebody's limits are, and how much of them is used.
public struct LimitStanding: Sendable, Hashable {
    public struct Use: Sendable, Hashable {
        public var kind: LimitKind
        public var limit: Int64
        public var used: Int64
        /// Milliseconds until all of it is back.
        public var reset: Int64

        public var left: Int64 { max(0, limit - used) }
    }

    public var subject: LimitSubject
    public var record: LimitRecord
    /// Of the windows that are bounded.
    public var uses: [Use]
    public var underWay: Int64
    /// Requests refused since the start, or that would have been.
    public var refused: Int64
}
