import ORKit

/// The body of `/health`: one superset of what the source documents promise
/// (K-23). Callers from elsewhere get the words without the numbers.
struct HealthBody: Encodable {
    var status: HealthStatus
    var timestamp: String
    /// `connected` or `unavailable`.
    var database: String
    /// `connected`, `unreachable` or `unknown`.
    var openrouter: String
    var checks: Checks
    var version: String?
    var uptime: Double?
    var users: Int?
    var keys: Keys?
    var draining: Bool?
    var conditions: [ConditionView]?

    struct Checks: Encodable {
        var database: Check
        var keys: Check
        var upstream: Check
    }

    struct Check: Encodable {
        var status: HealthStatus
        var message: String
    }

    struct Keys: Encodable {
        var total: Int
        var usable: Int
        var byState: [String: Int]

        private enum CodingKeys: String, CodingKey {
            case total, usable
            case byState = "by_state"
        }
    }

    /// - Parameter detailed: whether the caller is on this machine.
    init(_ facts: HealthFacts, at time: WallTime, detailed: Bool) {
        status = facts.status
        timestamp = time.rfc3339
        database = facts.storeReady ? "connected" : "unavailable"
        openrouter = facts.upstream.rawValue
        checks = Checks(
            database: facts.storeReady
                ? Check(status: .healthy, message: "writable")
                : Check(status: .unhealthy, message: "not writable"),
            keys: facts.usableKeys > 0
                ? Check(status: .healthy, message: "a key is usable")
                : Check(status: .degraded, message: "no key is usable"),
            upstream: Check(
                status: facts.upstream == .unreachable ? .degraded : .healthy,
                message: facts.upstream.rawValue))
        guard detailed else { return }
        version = API.release
        uptime = facts.uptimeSeconds
        users = facts.userCount
        keys = Keys(
            total: facts.keysByState.values.reduce(0, +), usable: facts.usableKeys, byState: facts.keysByState
        )
        draining = facts.draining
        conditions = facts.conditions
    }

    private enum CodingKeys: String, CodingKey {
        case status, timestamp, database, openrouter, checks, version, keys, draining, conditions
        case uptime = "uptime_seconds"
        case users = "user_count"
    }
}
