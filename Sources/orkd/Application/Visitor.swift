/// Who sends a request to a route beside the proxy, where the route wants to
/// know: found out by `DataExchange`, before the router.
enum Visitor: Sendable {
    /// The holder of a client key that may be used.
    case client(ClientEntry)
    /// The holder of the management key.
    case management

    /// As the audit trail names it.
    var name: String {
        switch self {
        case .client(let client): "client \(client.name)"
        case .management: "management key"
        }
    }
}
