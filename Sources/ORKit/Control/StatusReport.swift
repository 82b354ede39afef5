/// `GET /v1/status`: one screen.
public struct StatusReport: Codable, Sendable {
    public var version: String
    public var pid: Int32
    public var uptimeSeconds: Double
    /// `serving`, `not-serving` or `draining`.
    public var serving: String
    public var listeners: [String]
    public var socket: String
    /// `required` or `open` (PX-22, K-02).
    public var auth: String
    public var upstream: String
    public var strategy: Strategy
    public var keys: KeyTally
    public var clients: ClientTally
    public var traffic: Traffic
    public var store: StoreReport
    public var memoryBytes: Int64
    public var conditions: [ConditionView]

    /// Counts of keys by state; every state is present.
    public struct KeyTally: Codable, Sendable {
        public var total: Int
        public var byState: [String: Int]
        /// How many of a hundred are usable, rounded down; absent without any.
        public var usablePercent: Int?
        public init(total: Int, byState: [String: Int]) {
            self.total = total
            self.byState = byState
            usablePercent = total > 0 ? 100 * (byState[KeyState.usable.rawValue] ?? 0) / total : nil
        }
        private enum CodingKeys: String, CodingKey {
            case total
            case byState = "by_state"
            case usablePercent = "usable_percent"
        }
    }

    public struct ClientTally: Codable, Sendable {
        public var total: Int
        public var usable: Int
        public init(total: Int, usable: Int) {
            self.total = total
            self.usable = usable
        }
    }

    public struct Traffic: Codable, Sendable {
        public var requests: Int64
        public var failed: Int64
        public var inFlight: Int
        public var streams: Int
        /// Over the last whole minute.
        public var perSecond: Double
        public var retries: Int64
        public var recordsDropped: Int64
        public init(
            requests: Int64, failed: Int64, inFlight: Int, streams: Int, perSecond: Double, retries: Int64,
            recordsDropped: Int64
        ) {
            self.requests = requests
            self.failed = failed
            self.inFlight = inFlight
            self.streams = streams
            self.perSecond = perSecond
            self.retries = retries
            self.recordsDropped = recordsDropped
        }
        private enum CodingKeys: String, CodingKey {
            case requests, failed, streams, retries
            case inFlight = "in_flight"
            case perSecond = "per_second"
            case recordsDropped = "records_dropped"
        }
    }

    public struct StoreReport: Codable, Sendable {
        /// Path of the database, or `memory`.
        public var path: String
        public var schema: Int
        public var bytes: Int64
        public var behindMilliseconds: Double
        /// What `PRAGMA synchronous` answers on the writer: 2 is FULL.
        public var synchronous: Int
        public init(path: String, schema: Int, bytes: Int64, behindMilliseconds: Double, synchronous: Int) {
            self.path = path
            self.schema = schema
            self.bytes = bytes
            self.behindMilliseconds = behindMilliseconds
            self.synchronous = synchronous
        }
        private enum CodingKeys: String, CodingKey {
            case path, schema, bytes, synchronous
            case behindMilliseconds = "behind_ms"
        }
    }

    public init(
        version: String, pid: Int32, uptimeSeconds: Double, serving: String, listeners: [String],
        socket: String,
        auth: String, upstream: String, strategy: Strategy, keys: KeyTally, clients: ClientTally,
        traffic: Traffic,
        store: StoreReport, memoryBytes: Int64, conditions: [ConditionView]
    ) {
        self.version = version
        self.pid = pid
        self.uptimeSeconds = uptimeSeconds
        self.serving = serving
        self.listeners = listeners
        self.socket = socket
        self.auth = auth
        self.upstream = upstream
        self.strategy = strategy
        self.keys = keys
        self.clients = clients
        self.traffic = traffic
        self.store = store
        self.memoryBytes = memoryBytes
        self.conditions = conditions
    }

    private enum CodingKeys: String, CodingKey {
        case version, pid, serving, listeners, socket, auth, upstream, strategy, keys, clients, traffic, store
        case conditions
        case uptimeSeconds = "uptime_s"
        case memoryBytes = "memory_bytes"
    }
}

/// A health statement (cli.md 8), as shown.
public struct ConditionView: Codable, Sendable, Hashable {
    public var code: ErrorCode
    /// `error` or `warning`.
    public var severity: String
    public var text: String
    public var hint: String?
    public var since: String
    public init(code: ErrorCode, severity: String, text: String, hint: String?, since: String) {
        self.code = code
        self.severity = severity
        self.text = text
        self.hint = hint
        self.since = since
    }
}

/// `GET /v1/health`: `healthy`, `degraded` or `down`, and why.
public struct HealthReport: Codable, Sendable {
    public var status: String
    public var conditions: [ConditionView]
    public init(status: String, conditions: [ConditionView]) {
        self.status = status
        self.conditions = conditions
    }
}

/// `GET /v1/version`.
public struct VersionReport: Codable, Sendable {
    public var version: String
    public var api: Int
    public var sqlite: String
    public init(version: String, api: Int, sqlite: String) {
        self.version = version
        self.api = api
        self.sqlite = sqlite
    }
}
