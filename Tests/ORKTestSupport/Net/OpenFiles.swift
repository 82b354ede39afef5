import Glibc

/// How many files this process may have open at once.
public enum OpenFiles {
    public struct TooFew: Error {
        public let limit: UInt64
    }

    /// Raises the soft limit where it is lower.
    public static func allow(_ count: UInt64) throws {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { throw TooFew(limit: 0) }
        guard limit.rlim_cur < count else { return }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(count))
        guard limit.rlim_cur >= count, setrlimit(resource, &limit) == 0 else {
            throw TooFew(limit: UInt64(limit.rlim_max))
        }
    }
}
