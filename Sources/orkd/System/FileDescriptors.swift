import Glibc

/// The limit on open files: each stream takes two (`reliability.md` F8).
enum FileDescriptors {
    /// Fewer than this is worth a remark.
    static let wanted = 4096
    /// Database, logs, control connections, idle upstream connections.
    private static let reserve = 256

    /// Raises the limit as far as we may.
    ///
    /// - Returns: the limit that holds now.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many callers can be connected at once, each with a connection to
    /// the upstream; at least 16.
    static func connectionBound(limit: Int) -> Int { max(16, (limit - reserve) / 2) }
}
