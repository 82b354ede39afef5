import Glibc

/// A port at which connecting neither succeeds nor fails: it listens, nobody
/// accepts, and the queue is full (listen(2): the kernel then drops what
/// arrives).
public final class FullPort: Sendable {
    public struct Unavailable: Error {}

    public let port: Int
    private let sockets: [CInt]

    /// - Parameter succeeds: there is room: connecting succeeds, and nobody
    ///   ever answers.
    public init(connecting succeeds: Bool = false) throws {
        // Daemons that start meanwhile must not inherit somebody who listens.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let server = socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var isBound = false
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                isBound =
                    bind(server, pointer, size) == 0 && listen(server, succeeds ? 16 : 0) == 0
                    && getsockname(server, pointer, &size) == 0
            }
        }
        guard isBound else { throw Unavailable() }
        port = Int(UInt16(bigEndian: address.sin_port))
        var sockets = [server]
        for _ in 0..<(succeeds ? 0 : 4) {
            let client = socket(AF_INET, kind | Int32(SOCK_NONBLOCK.rawValue), 0)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(client, $0, size) }
            }
            sockets.append(client)
        }
        self.sockets = sockets
    }

    deinit { for socket in sockets { close(socket) } }
}
