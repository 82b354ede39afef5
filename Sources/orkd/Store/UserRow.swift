import ORKit

/// A user as its row holds it.
struct UserRow: Sendable {
    var id: UserID
    var name: String
    var email: String?
    var authMethod: AuthMethod?
    var enabled: Bool
    var disabledReason: String?
    /// Whether its requests cost credits.
    var metered: Bool
    var subscription: Subscription
    /// Of a trial.
    var trialEndsAt: WallTime?
    /// A JSON object.
    var preferences: String?
    var note: String?
    var tags: [String: String]
    var addedAt: WallTime
    /// Rises with every change.
    var version: Int64

    /// How a user proves who it is.
    enum AuthMethod: String, Sendable, CaseIterable {
        case email, wallet, google
    }

    enum Subscription: String, Sendable, CaseIterable {
        case trial, active, ended
    }
}
