import ORKit

/// What the probes ask of the daemon.
protocol HealthSource: Sendable {
    /// The state of everything that health speaks of, from memory: must not
    /// ask the upstream and should not wait for the store.
    func health() async -> HealthFacts
    /// Whether new requests are served right now. Asked for every probe.
    func readiness() -> Readiness
}

/// Whether the daemon wants requests.
enum Readiness: Sendable {
    case ready
    /// The database is locked, full, or cannot be written.
    case storeUnavailable
    case draining
}

/// The facts behind `/health`.
struct HealthFacts: Sendable {
    /// What is known about the upstream from the requests that went there.
    enum Upstream: String, Sendable {
        case connected
        case unreachable
        /// Nobody has asked it anything yet.
        case unknown
    }

    var storeReady: Bool
    var draining: Bool
    var upstream: Upstream
    /// Keys by the words of `KeyState`.
    var keysByState: [String: Int]
    /// Holders of client keys; S2 calls them users.
    var userCount: Int
    var uptimeSeconds: Double
    var conditions: [ConditionView]

    init(
        storeReady: Bool, draining: Bool, upstream: Upstream, keysByState: [String: Int], userCount: Int,
        uptimeSeconds: Double, conditions: [ConditionView] = []
    ) {
        self.storeReady = storeReady
        self.draining = draining
        self.upstream = upstream
        self.keysByState = keysByState
        self.userCount = userCount
        self.uptimeSeconds = uptimeSeconds
        self.conditions = conditions
    }

    var usableKeys: Int { keysByState[KeyState.usable.rawValue] ?? 0 }

    /// Without the store nothing can be served; without a usable key nothing
    /// can be proxied, but the daemon itself is well (HL-01, K-23).
    var status: HealthStatus {
        guard storeReady else { return .unhealthy }
        let troubled = conditions.contains { $0.severity == "error" }
        return usableKeys == 0 || upstream == .unreachable || draining || troubled ? .degraded : .healthy
    }
}

/// The top-level word of `/health` (K-23).
enum HealthStatus: String, Sendable, Codable {
    case healthy, degraded, unhealthy

    /// A load balancer takes only an unhealthy daemon out.
    var httpStatus: Int { self == .unhealthy ? 503 : 200 }
}
