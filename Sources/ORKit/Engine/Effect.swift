/// Something the engine wants done; carried out by orkd after the lock is
/// given back.
public enum Effect: Sendable {
    /// These facts must be on disk soon: a state changed.
    case keepFacts(KeyID, KeyFacts)
    /// The account behind a key that had none was learnt.
    case keepAccount(KeyID, String, at: WallTime)
    /// A key changed its state: history, log and events.
    case transition(Transition)
    /// A verdict left a mark on a key: events. Marks of single models change
    /// no state.
    case marked(KeyID, KeyMark, at: WallTime)
    /// What was used of a key's quota must be on disk soon.
    case keepUse(KeyID, QuotaUse)
    /// What the upstream said about a limit of a key's.
    case keepLimit(KeyID, UpstreamLimit)
    /// Much or little is left of a key's quota: events.
    case capacity(KeyID, CapacityChange)
}

/// One change of a key's state.
public struct Transition: Sendable, Hashable {
    public var key: KeyID
    public var at: WallTime
    public var from: KeyState
    public var to: KeyState
    /// A rule's name or an operator's verb.
    public var trigger: String
    public var evidence: String?
    public var until: WallTime?
    /// Set by the caller of the engine, who knows it.
    public var request: RequestID?

    public init(
        key: KeyID, at: WallTime, from: KeyState, to: KeyState, trigger: String, evidence: String?,
        until: WallTime?, request: RequestID? = nil
    ) {
        self.key = key
        self.at = at
        self.from = from
        self.to = to
        self.trigger = trigger
        self.evidence = evidence
        self.until = until
        self.request = request
    }
}

/// A change of the pool from outside: by an operator, or at start.
public enum PoolChange: Sendable {
    case add([KeyRecord])
    /// Same id: new secret, account, weight, provider or enabled flag. The
    /// facts inside are ignored; what was learnt stays.
    case update(KeyRecord, trigger: String)
    case remove(KeyID)
    /// Forget rests, breaker, suspicion, invalidity and the consecutive
    /// failures; keep the totals.
    case reset(KeyID, trigger: String)
    /// What is known about it is this from now on, whatever was learnt before;
    /// its quota stays.
    case restore(KeyID, KeyFacts, trigger: String)
    /// Take back what one verdict left behind.
    case undo(KeyID, KeyMark, trigger: String)
    /// An operator says that the key is dead, and why.
    case giveUp(KeyID, because: String, trigger: String)
    /// Of all pools that have none of their own.
    case strategy(Strategy)
    /// A pool, new or changed. At start before the keys: those of a pool that
    /// is not known go to the first.
    case pool(PoolRecord)
    /// Its keys go to the first pool, which stays.
    case removePool(PoolID)
}
