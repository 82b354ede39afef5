/// Whom a limit bounds.
public enum LimitSubject: Hashable, Sendable {
    case user(UserID)
    case client(ClientID)

    public var isUser: Bool {
        switch self {
        case .user: true
        case .client: false
        }
    }

    public var raw: Int64 {
        switch self {
        case .user(let user): user.raw
        case .client(let client): client.raw
        }
    }

    /// `user` or `client`.
    public var noun: String { isUser ? "user" : "client" }
}
