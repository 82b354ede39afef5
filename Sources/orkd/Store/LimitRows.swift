/// How many rows of the ledger hold what is nowhere else of the use of limits: all
/// of it is written again before a start would have too many of them to read.
struct LimitRows {
    /// Since all of it was written.
    var count = 0
    /// What was counted may have been lost with a commit that failed.
    var areInDoubt = false
    /// When all of it was written: nanoseconds.
    private let wroteAll: Int64

    private static let most = LedgerEnd.rowsBetweenSums
    /// With a commit that brings other things anyway, nanoseconds.
    private static let pause: Int64 = 1_000_000_000

    init(wroteAll: Int64) { self.wroteAll = wroteAll }

    func areDue(withOthers: Bool) -> Bool {
        areInDoubt || count >= Self.most || withOthers && Monitor.now - wroteAll > Self.pause
    }

    /// Of a process that has just begun: what it was given is in the rows before.
    static var unknown: LimitRows {
        var rows = LimitRows(wroteAll: 0)
        rows.areInDoubt = true
        return rows
    }
}
