internal import CORKSystem

/// How long a thread works on end while others wait, in nanoseconds. Where
/// that cannot be asked for, everything works as well, later.
enum ThreadTurns: UInt64 {
    /// What the scheduler gives to everybody: some milliseconds.
    case usual = 0
    /// Of a loop, which nearly always waits for the network: what it then
    /// hears should not wait for the database or an import. Some requests.
    case short = 300_000
    /// For whom nobody waits that long: every other thread goes first,
    /// callers on the same machine too.
    case long = 20_000_000

    /// For the calling thread, from now on.
    func take() { _ = ork_take_turns(rawValue) }

    /// For work that does not give its thread away meanwhile.
    func take<Result>(during work: () throws -> Result) rethrows -> Result {
        take()
        defer { ThreadTurns.usual.take() }
        return try work()
    }
}
