/// `[proxy]`: the data port.
struct ProxyConfiguration: Sendable, Hashable {
    /// Where callers connect. Loopback unless an operator says otherwise (K-08).
    var listen = [ListenAddress(host: "127.0.0.1", port: 8080)]
    /// Event loops; 0: one per core (ruling 52).
    var eventLoops = 0
    /// Connections of callers at once; 0: as many as the descriptor limit
    /// lets be served (`FileDescriptors.connectionBound`).
    var maxConnections = 0
    var auth = Authentication.required
    /// Open mode may also listen where other machines can reach it (K-02).
    var openOnAnyAddress = false
    var hsts = false
    /// PEM files of the data port's certificate and its key; both empty: plain
    /// HTTP.
    var tlsCertificate = ""
    var tlsKey = ""

    var metrics = MetricsAccess.admin
    /// Web pages that may read answers; `*` alone: all; none: none (SE-03).
    var corsOrigins: [String] = []
    /// Proxies in front, as addresses and ranges (K-34).
    var trustedProxies: [String] = []
    /// Requests without a valid key that one address may send in a minute; 0:
    /// any number (RL-11).
    var authFailures = 5

    /// `/models` and `/models/providers` for whoever reaches the data port.
    var publicModels = true

    var bodyLimit: Int64 = 50 << 20
    /// Bodies up to this are kept and can be sent again on another key.
    var replayLimit: Int64 = 8 << 20
    /// All kept bodies together.
    var replayMemory: Int64 = 256 << 20
    /// Of the whole process; 0: three quarters of what there is.
    var memoryLimit: Int64 = 0
    /// Limits on the content of a body; 0: none (SE-09).
    var maxMessages = 0
    var maxModelLength = 0
    var maxMetadata = 0
    var headLine: Int64 = 16 << 10
    var headBlock: Int64 = 32 << 10
    var headFields = 100

    // Deadlines of ruling 40, in milliseconds.
    var requestHead: Int64 = 10_000
    var bodyIdle: Int64 = 60_000
    var writeIdle: Int64 = 60_000
    var keepAlive: Int64 = 75_000
    var streamIdle: Int64 = 120_000
    /// Silence after which a stream gets a comment (ruling 32).
    var heartbeat: Int64 = 15_000
    /// How long, and up to how many bytes, an answer is held back while
    /// another key may still serve it (ruling 38).
    var commitHold: Int64 = 5000
    var commitBytes: Int64 = 16 << 10
    /// What becomes of an answer whose caller has left, and within which bounds.
    var callerGone = CallerGone.cancel
    var drainTime: Int64 = 30_000
    var drainBytes: Int64 = 1 << 20
    /// So many at once; the others are cancelled.
    var drains = 100
}

/// What becomes of an answer whose caller has left.
enum CallerGone: String, Sendable, CaseIterable {
    /// The upstream is let go.
    case cancel
    /// It is read on, for what it cost.
    case drain
}

/// Who may read `/metrics`.
enum MetricsAccess: String, Sendable, CaseIterable {
    /// Nobody: there is no such path.
    case off
    /// The management key, and client keys with the admin permission.
    case admin
    /// Whoever reaches the data port.
    case open
}

/// Who is let in on the data port.
enum Authentication: String, Sendable, CaseIterable {
    /// A client key of ours.
    case required
    /// Anybody, as the anonymous client.
    case open
}
