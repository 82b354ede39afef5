import CORKSystem
import Glibc

/// Keeps our memory to ourselves (ruling 43, `reliability.md` F4): no crash
/// report with registers and memory, no core, no debugger, private files.
enum ProcessHardening {
    private static let variable = "SWIFT_BACKTRACE"

    /// The Swift runtime decides about its crash reporter before `main` runs,
    /// so turning it off takes a new start of the same program. To be called
    /// before anything else; returns only when that start has happened or
    /// cannot.
    ///
    /// - Returns: a remark when the reporter stays on.
    static func startWithoutBacktraces() -> String? {
        let value = getenv(variable).map { String(cString: $0) }
        guard needsRestart(value) else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0, setenv(variable, "enable=no", 1) == 0 else {
            return "the crash reporter stays on: the program's own path is unknown"
        }
        execv(buffer, CommandLine.unsafeArgv)
        return "the crash reporter stays on: \(String(cString: strerror(errno)))"
    }

    /// Whether this value of the variable leaves the reporter on. The last
    /// word about `enable` counts, as in the runtime.
    static func needsRestart(_ value: String?) -> Bool {
        let words = value?.split(separator: ",").filter { $0.hasPrefix("enable=") } ?? []
        return words.last != "enable=no"
    }

    /// Everything that takes no new start.
    ///
    /// - Returns: remarks on what did not work or is too small.
    static func apply() -> [String] {
        var remarks: [String] = []
        umask(0o077)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        if setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) != 0 {
            remarks.append("core dumps stay on: \(String(cString: strerror(errno)))")
        }
        if ork_forbid_dumps() != 0 {
            remarks.append(
                "other processes of this user can read our memory: \(String(cString: strerror(errno)))")
        }
        let files = FileDescriptors.raiseLimit()
        if files < FileDescriptors.wanted {
            remarks.append(
                "only \(files) open files are allowed, which is \(FileDescriptors.connectionBound(limit: files)) "
                    + "callers at once: raise LimitNOFILE or “ulimit -n”")
        }
        return remarks
    }
}
