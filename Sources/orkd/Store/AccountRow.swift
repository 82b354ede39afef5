import ORKit

/// What an operator said about an account. Which keys are its own is said by
/// their rows.
struct AccountRow: Sendable {
    let id: String
    var name: String?
    var note: String?
    /// When something was first said about it; nil when nothing ever was.
    var since: WallTime?
    /// Rises with every change; 0 when nothing was ever said about it.
    var version: Int64

    init(_ id: String, name: String? = nil, note: String? = nil, since: WallTime? = nil, version: Int64 = 0) {
        self.id = id
        self.name = name
        self.note = note
        self.since = since
        self.version = version
    }

    /// Without keys it is an account as long as it is not.
    var isPlain: Bool { name == nil && note == nil }
}
