import Glibc
import Synchronization

/// Places where a test has the process die by SIGKILL: `ORKD_FAIL_POINT` names
/// one and says at which passing, as in `mid-stream:3`. In release builds there
/// are none.
enum FailPoint: String, CaseIterable {
    /// The caller is known.
    case afterAuth = "after-auth"
    /// The reservation is on its way to the disk.
    case afterReserve = "after-reserve"
    case beforeConnect = "before-connect"
    case afterUpstreamHead = "after-upstream-head"
    /// A piece of a stream was relayed.
    case midStream = "mid-stream"
    /// The answer is here and its cost is known.
    case beforeSettle = "before-settle"
    /// Postings wait, and nothing of them is written.
    case beforeCommit = "before-commit"
    /// They are written, and nobody was told.
    case afterCommit = "after-commit"
    case beforeLastByte = "before-last-byte"
    case afterLastByte = "after-last-byte"

    #if DEBUG
    private static let armed: (point: FailPoint, passing: Int)? = {
        guard let text = getenv("ORKD_FAIL_POINT").map({ String(cString: $0) }) else { return nil }
        let parts = text.split(separator: ":")
        guard parts.count == 2, let point = FailPoint(rawValue: String(parts[0])),
            let passing = Int(parts[1])
        else { return nil }
        return (point, passing)
    }()
    private static let passed = Atomic<Int>(0)
    #endif

    /// The process comes by here.
    @inline(__always)
    static func pass(_ point: FailPoint) {
        #if DEBUG
        guard let armed, armed.point == point,
            passed.add(1, ordering: .relaxed).newValue == armed.passing
        else { return }
        kill(getpid(), SIGKILL)
        #endif
    }
}
