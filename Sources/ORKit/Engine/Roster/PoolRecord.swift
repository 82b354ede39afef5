/// A pool: a named set of keys that clients may use (ruling 31). A key is in
/// exactly one.
public struct PoolRecord: Sendable, Hashable {
    public var id: PoolID
    /// Nil: that of the whole.
    public var strategy: Strategy?
    /// What its keys are chosen by instead of the strategy; a request's own
    /// comes first.
    public var objective: Objective?
    /// Thousandths; nil: that of the whole.
    public var floorShare: Int?
    /// Whose keys serve when none of this pool's can: free first, paid next.
    public var fallback: PoolID?

    public init(
        id: PoolID, strategy: Strategy? = nil, objective: Objective? = nil, floorShare: Int? = nil,
        fallback: PoolID? = nil
    ) {
        self.id = id
        self.strategy = strategy
        self.objective = objective
        self.floorShare = floorShare
        self.fallback = fallback
    }
}
