/// The attempt allowance of one request (ruling 9): what it has used so far.
/// Held by the request, handed to each `heard`.
///
/// Tries that surely cost nothing (*rotations*) are bounded by the deadline
/// and by one try per account; tries that may cost twice (*retries*) by a
/// number.
public struct Allowance: Sendable {
    /// Monotonic nanoseconds at which no further try begins. Nil: the
    /// engine's own bound, from the first failure on.
    public var deadline: Int64?
    /// Keys that this request has tried, in order.
    package private(set) var tried: [KeyID] = []
    /// Accounts among them.
    private(set) var accounts: [String] = []
    /// Those of which a key was refused: one try per account (ruling 9).
    private(set) var refusedAccounts: [String] = []
    private(set) var retries = 0
    private(set) var bareLimits = 0
    private(set) var waits = 0

    /// Bounds the memory of one request, not its chances: by then a whole
    /// pool's worth of keys has been taken out.
    static let longestWalk = 64
    /// Waits of one request for a stated end.
    static let mostWaits = 2

    public init(deadline: Int64? = nil) { self.deadline = deadline }

    mutating func note(_ key: KeyID, of account: String?, _ verdict: Verdict) {
        tried.append(key)
        if let account {
            if !accounts.contains(account) { accounts.append(account) }
            if verdict.remedy == .rotate, !refusedAccounts.contains(account) {
                refusedAccounts.append(account)
            }
        }
        if verdict.remedy == .retry { retries += 1 }
        if verdict.rule == Rule.bareLimit { bareLimits += 1 }
    }

    mutating func noteWait() { waits += 1 }

    /// Whether a try may begin after so many milliseconds.
    func isInTime(after milliseconds: Int64, at now: Now) -> Bool {
        guard let deadline else { return true }
        let (wait, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        let (left, tooFar) = deadline.subtractingReportingOverflow(now.monotonic)
        return !overflow && (tooFar ? deadline > now.monotonic : wait < left)
    }
}
