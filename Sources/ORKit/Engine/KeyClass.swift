/// What a question about a key (`GET /key`) found out: each key is in one
/// class.
public enum KeyClass: Sendable, Hashable {
    case valid(KeyTraits)
    /// Good, but refused for now, so that nothing else was told about it.
    case limited
    case expired
    case management
    /// The upstream does not know it, or knows it as dead.
    case rejected
    /// Nothing was found out.
    case unreachable

    public var word: String {
        switch self {
        case .valid: "valid"
        case .limited: "limited"
        case .expired: "expired"
        case .management: "management"
        case .rejected: "rejected"
        case .unreachable: "unreachable"
        }
    }

    /// The upstream's own word that it can serve nobody; nil: it may come into
    /// a pool.
    public var refusal: ErrorCode? {
        switch self {
        case .valid, .limited, .unreachable: nil
        case .expired: .keyExpired
        case .management: .managementKey
        case .rejected: .keyRejected
        }
    }
}
