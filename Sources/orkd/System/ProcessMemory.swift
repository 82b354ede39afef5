import CORKSystem
import Glibc

/// What the kernel says of our memory.
enum ProcessMemory {
    /// The second number of `/proc/self/statm` is the resident set in pages
    /// (proc(5)). 0 when it cannot be read.
    static var residentBytes: Int64 {
        let pages = numbers(in: "/proc/self/statm").dropFirst().first ?? 0
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// What this process could take at most: the machine's memory, or less
    /// where a control group says so. 0 when nobody knows.
    static var available: Int64 {
        let machine = Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE)))
        // In a container its own group is the root of what it sees.
        let groups = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        let limits = groups.compactMap { numbers(in: $0).first }.filter { $0 > 0 }
        return limits.reduce(max(0, machine)) { min($0, $1) }
    }

    /// Returns what is free to the system, on a thread of its own: it walks
    /// the whole heap, for which no event loop has time.
    static func giveBack() {
        DetachedThread.start(name: "ork-memory") { ork_give_back_memory() }
    }

    private static func numbers(in path: String) -> [Int64] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .split { $0 == " " || $0 == "\n" }.compactMap { Int64($0) }
    }
}
