import Glibc

/// What the ledger's promises rest on. So that the proofs are seen to fail, a
/// debug build does without the one that `ORKD_WITHOUT` names; a release build
/// keeps both.
enum Safeguard: String {
    /// Answers wait until they are on disk.
    case wait
    /// Commits are synced.
    case sync

    #if DEBUG
    private static let missing = getenv("ORKD_WITHOUT").flatMap { Safeguard(rawValue: String(cString: $0)) }
    #endif

    @inline(__always)
    var isKept: Bool {
        #if DEBUG
        self != Self.missing
        #else
        true
        #endif
    }
}
