/// Where a server listens.
public enum Endpoint: Sendable, Hashable {
    case tcp(host: String, port: Int)
    case unix(path: String)
    /// TLS, with the PEM file of the authority to trust.
    case tls(host: String, port: Int, roots: String)

    public static func loopback(_ port: Int) -> Endpoint { .tcp(host: "127.0.0.1", port: port) }

    /// What goes into the `Host` field.
    var authority: String {
        switch self {
        case .tcp(let host, let port), .tls(let host, let port, _): "\(host):\(port)"
        case .unix: "orkd"
        }
    }
}
