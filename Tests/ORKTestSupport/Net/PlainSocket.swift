import Glibc

/// A connection of the operating system, blocking and without a reader: what
/// comes stays in the kernel until somebody asks. For callers that take
/// nothing, and for thousands of connections at little cost.
public struct PlainSocket: ~Copyable, Sendable {
    public struct Failed: Error {
        public let call: String
        public let errno: Int32
    }

    private let descriptor: Int32

    /// Connects to this machine.
    ///
    /// - Parameter receiveBuffer: what the kernel may hold of what comes; its
    ///   own choice when nil.
    public init(port: Int, receiveBuffer: Int32? = nil) throws {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard made >= 0 else { throw Failed(call: "socket", errno: errno) }
        if var size = receiveBuffer {
            setsockopt(made, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(made, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            let error = Failed(call: "connect", errno: errno)
            Glibc.close(made)
            throw error
        }
        descriptor = made
    }

    deinit { Glibc.close(descriptor) }

    /// Sends all of it, unless the peer is gone.
    public func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Ends with a reset instead of a close.
    public consuming func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}
