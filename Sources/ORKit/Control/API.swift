// Control: the contract between orkd and whoever administers it.
// Here: routes, version, one Codable struct per wire type, error bodies, the catalogue of codes.
// Not here: transport, decisions, presentation. May import FoundationEssentials for JSON.

/// The control API: HTTP/1.1 and JSON over the Unix socket.
///
/// Both sides send `Orkd-API: 1`. A change that is not additive raises the
/// number. Unknown routes answer 404 `route-unknown`, unknown fields 400
/// `unknown-field`.
public enum API {
    public static let version = 1
    public static let versionHeader = "Orkd-API"
    /// On every answer of the daemon: its `release`. orkctl warns once when it
    /// is another than its own.
    public static let releaseHeader = "Orkd-Release"
    /// Value of the header that a browser cannot send to us by accident.
    public static let host = "orkd"

    /// Release of the whole project, printed by every `version`.
    public static let release = "0.1.0"
}

/// Paths of the control API. A name in braces is one path segment.
public enum Route: String, CaseIterable, Sendable {
    case status = "GET /v1/status"
    case health = "GET /v1/health"
    case version = "GET /v1/version"
    case events = "GET /v1/events"
    case audit = "GET /v1/audit"
    case keysList = "GET /v1/keys"
    case keysAdd = "POST /v1/keys"
    case keysSet = "PATCH /v1/keys"
    case keysEnable = "POST /v1/keys/enable"
    case keysDisable = "POST /v1/keys/disable"
    case keysReset = "POST /v1/keys/reset"
    case keysUndo = "POST /v1/keys/undo"
    case keysSetState = "POST /v1/keys/set-state"
    case keysTest = "POST /v1/keys/test"
    case keysRotate = "POST /v1/keys/rotate"
    case keysRemove = "POST /v1/keys/remove"
    case keysPrune = "POST /v1/keys/prune"
    case keysImport = "POST /v1/keys/import"
    case keysExport = "POST /v1/keys/export"
    case keysHistory = "GET /v1/keys/history"
    case clientsList = "GET /v1/clients"
    case clientsAdd = "POST /v1/clients"
    case clientsSet = "PATCH /v1/clients"
    case clientsEnable = "POST /v1/clients/enable"
    case clientsDisable = "POST /v1/clients/disable"
    case clientsRotate = "POST /v1/clients/rotate"
    case clientsRemove = "POST /v1/clients/remove"
    case clientsPrune = "POST /v1/clients/prune"
    case usersList = "GET /v1/users"
    case usersAdd = "POST /v1/users"
    case usersSet = "PATCH /v1/users"
    case usersEnable = "POST /v1/users/enable"
    case usersDisable = "POST /v1/users/disable"
    case usersRemove = "POST /v1/users/remove"
    case poolsList = "GET /v1/pools"
    case poolsAdd = "POST /v1/pools"
    case poolsSet = "PATCH /v1/pools"
    case poolsRemove = "POST /v1/pools/remove"
    case accountsList = "GET /v1/accounts"
    case accountsSet = "PATCH /v1/accounts"
    case quotasList = "GET /v1/quotas"
    case quotasSet = "PATCH /v1/quotas"
    case quotasClear = "POST /v1/quotas/clear"
    case quotasRefresh = "POST /v1/quotas/refresh"
    case modelsList = "GET /v1/models"
    case modelsProviders = "GET /v1/models/providers"
    case modelsCache = "GET /v1/models/cache"
    case modelsRefresh = "POST /v1/models/refresh"
    case limitsList = "GET /v1/limits"
    case limitsSet = "PATCH /v1/limits"
    case limitsClear = "POST /v1/limits/clear"
    case creditsList = "GET /v1/credits"
    case creditsMove = "POST /v1/credits"
    case creditsRefund = "POST /v1/credits/refund"
    case creditsHistory = "GET /v1/credits/history"
    case budgetsList = "GET /v1/budgets"
    case budgetsSet = "PATCH /v1/budgets"
    case budgetsRemove = "POST /v1/budgets/remove"
    case usage = "GET /v1/usage"
    case reconciliation = "GET /v1/reconciliation"
    case requestsList = "GET /v1/requests"
    case requestsShow = "GET /v1/requests/{id}"
    case explain = "GET /v1/explain"
    case cleanup = "POST /v1/cleanup"
    case configShow = "GET /v1/config"
    case configCheck = "POST /v1/config/check"
    case configSet = "PATCH /v1/config"
    case daemonDrain = "POST /v1/daemon/drain"
    case daemonResume = "POST /v1/daemon/resume"

    public var method: String { String(rawValue.prefix { $0 != " " }) }
    public var path: String { String(rawValue.drop { $0 != " " }.dropFirst()) }
    /// Reading needs the viewer role, everything else the admin role.
    public var changes: Bool { method != "GET" && self != .configCheck }
}
