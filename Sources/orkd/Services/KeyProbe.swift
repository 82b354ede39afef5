import ORKit

/// Asks upstream about one key (`GET /api/v1/key`): costs nothing and uses no
/// quota.
protocol KeyProbe: Sendable {
    func probe(_ secret: Secret) async -> ProbeAnswer
}

enum ProbeAnswer: Sendable {
    case valid(KeyInfo)
    /// Upstream knows the key as dead, or does not know it. The message is
    /// upstream's, without anything of ours.
    case rejected(status: Int, message: String)
    /// The key is good, but is refused for now.
    case limited
    /// Nothing is known.
    case unreachable(reason: String)
}

/// What upstream tells about a key.
struct KeyInfo: Sendable, Hashable {
    var label: String?
    /// It administers other keys.
    var isManagement = false
    /// Nil: no limit.
    var limit: Money?
    var limitRemaining: Money?
    var usage: Money?
    /// What it cost in the present day, week and month.
    var spent: [UpstreamQuota.Reset: Money] = [:]
    /// When its limit begins anew; nil: never, or not told.
    var limitReset: UpstreamQuota.Reset?
    /// Free requests of its account today.
    var free: UpstreamQuota.Free?
    var freeTier: Bool?
    var expiresAt: String?
    /// The organisation, else the person, that pays for it.
    var account: String?
    /// What it says about limits that keys rest for.
    var report = KeyReport()

    init() {}
}

extension KeyInfo {
    /// What it says about limits, as of when it was said.
    func quota(at now: WallTime) -> UpstreamQuota {
        UpstreamQuota(
            at: now, limit: limit, left: limitRemaining, used: usage, reset: limitReset, free: free)
    }
}

extension KeyInfo {
    /// As far as it tells what the key is good for.
    var statement: KeyStatement {
        KeyStatement(
            isManagement: isManagement, isFreeTier: freeTier ?? false, hasLimitLeft: report.hasKeyLimitLeft,
            expiresAt: end)
    }

    fileprivate var end: WallTime? { expiresAt.flatMap { WallTime(rfc3339: $0) } }
}

extension ProbeAnswer {
    func keyClass(at now: WallTime) -> KeyClass {
        switch self {
        case .valid(let info): info.statement.keyClass(at: now)
        case .rejected: .rejected
        case .limited: .limited
        case .unreachable: .unreachable
        }
    }

    /// Why such a key is not taken; nil: it may be. In words of ours alone.
    func refusal(at now: WallTime) -> CodedError? {
        guard let code = keyClass(at: now).refusal else { return nil }
        switch self {
        case .rejected(let status, _): return CodedError(code, "upstream refused the key with \(status)")
        case .valid(let info):
            guard code == .keyExpired, let end = info.end else { return CodedError(code) }
            return CodedError(code, "the key expired at \(end.rfc3339)")
        case .limited, .unreachable: return CodedError(code)
        }
    }
}
