import ORKit

/// A holder of a client key as its row holds it. The key itself is known only
/// by its digest.
struct ClientRow: Sendable {
    var id: ClientID
    var name: String
    var digest: Digest
    var environment: ClientEnvironment
    var masked: String
    var permissions: Permissions
    var enabled: Bool
    var disabledReason: String?
    var tags: [String: String]
    var note: String?
    var expiresAt: WallTime?
    var addedAt: WallTime
    /// Rises with every change.
    var version: Int64
    /// Whose keys serve it.
    var pool = PoolID.first
    /// Whose client it is.
    var user = UserID.house
    /// At most one of a user is.
    var isPrimary = false
    var lists = AllowLists()
    /// Requests that it may make in all.
    var maxRequests: Int64?
}

/// What the data path knows of a client, keyed by the digest of its key.
struct ClientEntry: Sendable, Hashable {
    var id: ClientID
    var name: String
    var permissions: Permissions
    var enabled: Bool
    var expiresAt: WallTime?
    var pool = PoolID.first
    /// Who owns it.
    var user = UserID.house
    /// Whether its requests cost that user's credits.
    var isMetered = false
    var masked = ""
    /// What few clients have; nil costs nothing.
    var rules: ClientRules?
}

/// One change of the table of clients.
enum ClientDelta: Sendable {
    case put(Digest, ClientEntry)
    case remove(Digest)
}
