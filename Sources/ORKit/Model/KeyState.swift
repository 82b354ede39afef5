/// What may be done with a key right now, in one word (QA-07). Computed from
/// the stored facts and the time, never stored itself. Who may change it, and
/// to what: `TransitionAuthor`.
public enum KeyState: String, Sendable, CaseIterable, Codable {
    /// May be leased.
    case usable
    /// Rests until a stated or guessed time, then comes back by itself.
    case resting
    /// Out of money or over its own limit; comes back at a stated time or by
    /// an operator.
    case exhausted
    /// Answered 401 lately: resting and rechecked, not yet given up.
    case suspect
    /// Five consecutive failures while others succeeded: out, half-open trial
    /// after its rest.
    case broken
    /// Proved dead, or its provider is not configured. An operator's matter.
    case invalid
    /// An operator took it out.
    case disabled
}

/// How a key is chosen (K-10). The names are the setting's values.
public enum Strategy: String, Sendable, CaseIterable, Codable {
    /// The same key while it is usable, then the least recently used (S4).
    case sticky
    case lru
    case roundRobin = "round-robin"
    case weighted
    case random
    case leastUsed = "least-used"
    /// Drawn in proportion to weight and recent success.
    case health
}
