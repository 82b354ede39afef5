/// A pool as the control API shows it (ruling 31).
public struct PoolView: Codable, Sendable {
    public var id: PoolID
    public var name: String
    /// Absent: that of the whole, `config set strategy`.
    public var strategy: Strategy?
    /// What its keys are chosen by instead, such as `latency` or
    /// `latency=0.7,fairness=0.3`; absent: the strategy chooses.
    public var objective: String?
    /// Percent of its keys that automation leaves in, whatever it guesses;
    /// absent: half.
    public var floor: Int?
    /// The pool whose keys serve when none of this one's can.
    public var fallback: String?
    public var note: String?
    public var keys: Int
    /// Clients that are bound to it.
    public var clients: Int
    public var addedAt: String
    /// Rises with every change; for `--if-version`.
    public var version: Int64
    /// Absent when its keys have no quota, or too little was used lately to
    /// tell.
    public var forecast: JointForecastView?

    public init(
        id: PoolID, name: String, strategy: Strategy?, objective: String? = nil, floor: Int?,
        fallback: String?, note: String?, keys: Int, clients: Int, addedAt: String, version: Int64
    ) {
        self.id = id
        self.name = name
        self.strategy = strategy
        self.objective = objective
        self.floor = floor
        self.fallback = fallback
        self.note = note
        self.keys = keys
        self.clients = clients
        self.addedAt = addedAt
        self.version = version
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, strategy, objective, floor, fallback, note, keys, clients, version, forecast
        case addedAt = "added_at"
    }
}

/// `POST /v1/pools`.
public struct PoolAdd: Codable, Sendable {
    public var name: String
    public var strategy: Strategy?
    public var objective: String?
    /// 0 to 100.
    public var floor: Int?
    public var fallback: String?
    public var note: String?
    public init(name: String) { self.name = name }
}

/// `PATCH /v1/pools`: absent fields stay as they are.
public struct PoolSet: Codable, Sendable {
    /// Name or id.
    public var pool: String
    public var name: String?
    public var strategy: Clearable?
    public var objective: Clearable?
    /// 0 to 100, or `none`.
    public var floor: Clearable?
    public var fallback: Clearable?
    public var note: Clearable?
    public var ifVersion: Int64?
    public init(pool: String) { self.pool = pool }

    private enum CodingKeys: String, CodingKey {
        case pool, name, strategy, objective, floor, fallback, note
        case ifVersion = "if_version"
    }
}
