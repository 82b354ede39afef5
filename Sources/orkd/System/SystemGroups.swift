import Glibc

/// The system's users and groups, by whatever it is configured to ask.
enum SystemGroups {
    /// Nil for an empty name or one that the system does not know.
    static func id(of name: String) -> gid_t? {
        guard !name.isEmpty else { return nil }
        var entry = group()
        var buffer = [CChar](repeating: 0, count: 64 << 10)
        var found: UnsafeMutablePointer<group>?
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return entry.gr_gid
    }

    /// All groups of a user, its primary one included. A user that the system
    /// does not know has only the one it came with.
    static func groups(of uid: uid_t, primary: gid_t) -> Set<gid_t> {
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        var found: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(uid, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.pw_name
        else { return [primary] }
        // NGROUPS_MAX is 65536 (limits.h); a list that does not fit twice is
        // treated as none.
        var list = [gid_t](repeating: 0, count: 64)
        for _ in 0..<2 {
            var count = Int32(list.count)
            if getgrouplist(name, entry.pw_gid, &list, &count) >= 0 {
                return Set(list.prefix(Int(count))).union([primary])
            }
            list = [gid_t](repeating: 0, count: Int(min(max(count, 64), 65_536)))
        }
        return [primary]
    }
}
