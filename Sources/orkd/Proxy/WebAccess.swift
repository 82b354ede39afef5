import ORKit

/// What a path beside the proxy wants to know of its caller. By the first
/// segment alone, so that a route which is added later is never open by
/// oversight.
enum WebAccess: Sendable, Equatable {
    /// Nothing.
    case open
    /// Where the settings say so, an administrator.
    case metrics
    /// Nothing, but not too often.
    case register
    /// Whose account it is.
    case user
    /// An administrator: the management key, or a client with that
    /// permission. In every mode (K-06).
    case admin

    /// - Parameter path: as sent, known to have one spelling.
    init(path: some Collection<UInt8>) {
        self =
            if path.elementsEqual("/metrics".utf8) {
                .metrics
            } else if Self.begins(path, "/auth") {
                .register
            } else if Self.begins(path, "/user") {
                .user
            } else if Self.begins(path, "/admin") {
                .admin
            } else {
                .open
            }
    }

    private static func begins(_ path: some Collection<UInt8>, _ segment: String) -> Bool {
        guard path.starts(with: segment.utf8) else { return false }
        let rest = path.dropFirst(segment.utf8.count)
        return rest.isEmpty || rest.first == 0x2F
    }
}
