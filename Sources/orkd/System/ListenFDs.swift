import Glibc

/// Sockets that systemd has opened for us (sd_listen_fds(3)).
struct ListenFDs: Sendable {
    /// Listening descriptors by their `FileDescriptorName`, in order.
    let descriptors: [String: [Int32]]

    private static let first: Int32 = 3

    /// Reads `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES`, makes the
    /// descriptors close-on-exec and takes the variables out of the process's
    /// environment, so that no child believes they are its own. Empty when
    /// they are for somebody else.
    static func take(environment: [String: String]) -> ListenFDs {
        defer {
            for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
        }
        return ListenFDs(environment: environment, pid: getpid(), first: first)
    }

    /// - Parameter first: the number of the first descriptor; tests have no 3
    ///   to spare.
    init(environment: [String: String], pid: Int32, first: Int32) {
        var found: [String: [Int32]] = [:]
        if environment["LISTEN_PID"].flatMap({ Int32($0) }) == pid,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), (1...1000).contains(count)
        {
            let names =
                environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false) ?? []
            for index in 0..<count where Self.isListening(first + index) {
                _ = fcntl(first + index, F_SETFD, FD_CLOEXEC)
                let name = names.indices.contains(Int(index)) ? String(names[Int(index)]) : "unknown"
                found[name, default: []].append(first + index)
            }
        }
        descriptors = found
    }

    /// The sockets of a name: `control`, `proxy`.
    subscript(name: String) -> [Int32] { descriptors[name] ?? [] }

    private static func isListening(_ descriptor: Int32) -> Bool {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0 && value != 0
    }
}
