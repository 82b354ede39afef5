/// `POST /v1/cleanup` (CL-01 to CL-03): what one maintenance pass did, or
/// with `dry_run=true` would do. Query `class=` limits it; repeatable.
public struct CleanupReport: Codable, Sendable {
    /// By class: `expired-rests`, `request-records`, `key-history`, `audit`,
    /// `client-graces`, `tombstones`, `store-pages`; every class is present.
    public var classes: [String: Int]
    public var dryRun: Bool
    public init(classes: [String: Int], dryRun: Bool) {
        self.classes = classes
        self.dryRun = dryRun
    }
    private enum CodingKeys: String, CodingKey {
        case classes
        case dryRun = "dry_run"
    }
}

/// One setting as `config show` prints it.
public struct SettingView: Codable, Sendable {
    public var name: String
    public var value: String
    /// `default`, `file:LINE`, `env:NAME`, `flag`, `stored`.
    public var source: String
    /// Whether it can change while the daemon runs.
    public var changeable: Bool
    public init(name: String, value: String, source: String, changeable: Bool) {
        self.name = name
        self.value = value
        self.source = source
        self.changeable = changeable
    }
}

/// `POST /v1/config/check`: the body is the file. Empty when it is valid.
public struct ConfigFinding: Codable, Sendable {
    public var line: Int
    public var column: Int
    public var message: String
    public var hint: String?
    public init(line: Int, column: Int, message: String, hint: String?) {
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }
}

/// `PATCH /v1/config`.
public struct ConfigSet: Codable, Sendable {
    public var strategy: Strategy?
    public init() {}
}

/// The answer to drain and resume.
public struct DrainReport: Codable, Sendable {
    public var draining: Bool
    public var inFlight: Int
    public init(draining: Bool, inFlight: Int) {
        self.draining = draining
        self.inFlight = inFlight
    }
    private enum CodingKeys: String, CodingKey {
        case draining
        case inFlight = "in_flight"
    }
}
