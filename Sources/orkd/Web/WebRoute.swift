import ORKit

/// The routes of the data port that are somebody's: users' own, those of
/// whoever administers, and how one becomes a user. Their paths and answers
/// are those of S2, S0 and S4.
enum WebRoute: String, CaseIterable, Sendable {
    case balance = "GET /user/balance"
    case monitor = "GET /user/monitor"
    case limit = "GET /user/limit"
    case keys = "GET /user/api-keys"
    case keyUsage = "GET /user/api-keys/usage"
    case keyCreate = "POST /user/api-keys"
    case keyUpdate = "PUT /user/api-keys/{key_id}"
    case keyDelete = "DELETE /user/api-keys/{key_id}"
    case profile = "GET /user/profile"
    case profileUpdate = "PUT /user/profile"
    case account = "DELETE /user/account"
    case adminAddCredits = "POST /admin/add_credits"
    case adminBalance = "GET /admin/balance"
    case adminLimit = "POST /admin/limit"
    case adminRefreshModels = "POST /admin/refresh-models"
    case adminCacheStatus = "GET /admin/cache-status"
    case adminMonitor = "GET /admin/monitor"
    case register = "POST /auth/register"
    // S0's and S4's.
    case poolKeys = "GET /admin/api/openrouter-keys"
    case poolKeyAdd = "POST /admin/api/openrouter-keys"
    case poolKeyRemove = "DELETE /admin/api/openrouter-keys/{hash}"
    case poolKeyImport = "POST /admin/api/openrouter-keys/bulk-import"
    case poolKeyAddByKey = "POST /admin/keys"
    case clientKeys = "GET /admin/api/client-keys"
    case clientKeyCreate = "POST /admin/api/client-keys"
    case clientKeyDeactivate = "PATCH /admin/api/client-keys/{hash}/deactivate"
    case clientKeyReactivate = "PATCH /admin/api/client-keys/{hash}/reactivate"
    case clientKeyRemove = "DELETE /admin/api/client-keys/{hash}"
    case dashboard = "GET /admin/api/dashboard-data"
    case systemStatus = "GET /admin/api/system-status"
    case cleanup = "POST /admin/api/system/cleanup"

    var method: String { String(rawValue.prefix { $0 != " " }) }
    var path: String { String(rawValue.drop { $0 != " " }.dropFirst()) }

    /// Fields of its query.
    var query: Set<String> { self == .clientKeys ? ["user_id"] : [] }

    /// Anybody may call it.
    var isOpen: Bool { self == .register }

    /// What a user's key must have; nil: it is no user's route.
    var permission: Permissions? {
        guard path.hasPrefix("/user/") else { return nil }
        return method == "GET" ? .readUser : .writeUser
    }

    /// - Throws: whatever keeps the visitor out. That nobody comes without a
    ///   credential, `DataExchange` has seen to before.
    func admit(_ visitor: Visitor?) throws {
        guard !isOpen else { return }
        guard let visitor else { throw CodedError(.credentialMissing) }
        guard let permission else {
            guard visitor.isAdmin else { throw CodedError(.pathNotPermitted) }
            return
        }
        guard case .client(let client) = visitor else {
            throw CodedError(.userNotFound, "the management key belongs to no user", hints: [])
        }
        guard client.permissions.isSuperset(of: permission) else {
            throw CodedError(
                .pathNotPermitted,
                "it needs the permission \(permission.names.joined(separator: ", "))", hints: [])
        }
        guard client.user != .house else {
            throw CodedError(.userNotFound, "this client key belongs to no user", hints: [])
        }
    }
}
