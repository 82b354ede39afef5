/// What a client may do in windows of time, as the control API shows it.
public struct LimitView: Codable, Sendable {
    /// `client`, or `user`.
    public var subject: String
    public var id: Int64
    public var name: String
    /// Nothing is refused; what would have been is counted.
    public var shadow: Bool
    /// What is bounded, in the order of `LimitKind`.
    public var limits: [Limit]
    /// Requests refused since the daemon's start, or that would have been.
    public var refused: Int64
    /// Rises with every change; zero before the first.
    public var version: Int64

    public struct Limit: Codable, Sendable, Equatable {
        /// `requests_per_minute`, …, `burst`, `concurrency`.
        public var name: String
        public var limit: Int64
        public var used: Int64
        public var left: Int64
        /// When all of it is back, RFC 3339; absent when nothing is used, and
        /// for what is not counted over time.
        public var reset: String?

        public init(name: String, limit: Int64, used: Int64, left: Int64, reset: String?) {
            self.name = name
            self.limit = limit
            self.used = used
            self.left = left
            self.reset = reset
        }
    }

    public init(
        subject: String, id: Int64, name: String, shadow: Bool, limits: [Limit], refused: Int64,
        version: Int64
    ) {
        self.subject = subject
        self.id = id
        self.name = name
        self.shadow = shadow
        self.limits = limits
        self.refused = refused
        self.version = version
    }
}

/// `PATCH /v1/limits`: absent fields stay as they are.
public struct LimitSet: Codable, Sendable {
    /// Names, ids, fingerprints, unique prefixes of them, or globs of names,
    /// of clients; after `user:`, of users.
    public var select: [String]
    /// By kind; `none` takes a limit away.
    public var numbers: [LimitKind: ClearableCount] = [:]
    public var shadow: Bool?
    /// Refuse with `version-lost` when the version is another one.
    public var ifVersion: Int64?

    public init(select: [String]) { self.select = select }

    private enum Field: CodingKey {
        case select, shadow, ifVersion
        case number(LimitKind)

        var stringValue: String {
            switch self {
            case .select: "select"
            case .shadow: "shadow"
            case .ifVersion: "if_version"
            case .number(let kind): kind.word
            }
        }
        var intValue: Int? { nil }

        init?(stringValue: String) {
            switch stringValue {
            case "select": self = .select
            case "shadow": self = .shadow
            case "if_version": self = .ifVersion
            default:
                guard let kind = LimitKind(word: stringValue) else { return nil }
                self = .number(kind)
            }
        }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: Field.self)
        select = try box.decode([String].self, forKey: .select)
        shadow = try box.decodeIfPresent(Bool.self, forKey: .shadow)
        ifVersion = try box.decodeIfPresent(Int64.self, forKey: .ifVersion)
        for kind in LimitKind.allCases {
            numbers[kind] = try box.decodeIfPresent(ClearableCount.self, forKey: .number(kind))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Field.self)
        try box.encode(select, forKey: .select)
        for kind in LimitKind.allCases { try box.encodeIfPresent(numbers[kind], forKey: .number(kind)) }
        try box.encodeIfPresent(shadow, forKey: .shadow)
        try box.encodeIfPresent(ifVersion, forKey: .ifVersion)
    }
}
