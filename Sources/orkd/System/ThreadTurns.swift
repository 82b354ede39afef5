internal import CORKSystem

/// How long a thread works on end while others wait, in nanoseconds. The
/// scheduler's own is some milliseconds; where another cannot be asked for,
/// everything works as well, later.
enum ThreadTurns: UInt64 {
    /// Of a loop, which nearly always waits for the network: what it then
    /// hears should not wait for the database or an import. Some requests.
    case short = 300_000
    /// Of the database's writer, for which nobody waits that long: every
    /// other thread goes first, callers on the same machine too.
    case long = 20_000_000

    /// For the calling thread.
    func take() { _ = ork_take_turns(rawValue) }
}
