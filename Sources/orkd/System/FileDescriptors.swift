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

    /// The limit that holds now; 0 when it cannot be known.
    static var limit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many this process has open, without the one that finds it out.
    static var open: Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // “.”, “..” and the directory itself.
        return max(0, count - 3)
    }

    /// How many callers can be connected at once, each with a connection to
    /// the upstream; at least 16.
    static func connectionBound(limit: Int) -> Int { max(16, (limit - reserve) / 2) }
}
