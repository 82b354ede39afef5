import ORKit

/// What a user asks for one of its own keys. Absent fields stay as they are.
struct OwnKeyChange: Sendable {
    /// The user's own name for the key.
    var keyName: String?
    /// The fields of a client that a user may set.
    var fields = ClientSet(select: [])
    var isActive: Bool?

    /// Why a key that its user has switched off is off. One that an operator
    /// switched off stays off.
    static let reason = "switched off by its user"
}
