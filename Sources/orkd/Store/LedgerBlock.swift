internal import GRDB
import ORKit

/// Rows of the ledger that follow each other, and between which times they were
/// written. A commit adds a row at the end of one table and touches no index;
/// what a span of time holds is found by the blocks, a thousand rows each.
struct LedgerBlock: Sendable {
    private let first: Int64
    private var last: Int64
    private var since: WallTime
    private var until: WallTime

    init(sequence: Int64, at time: WallTime) {
        (first, last) = (sequence, sequence)
        (since, until) = (time, time)
    }

    static let mostRows: Int64 = 1000

    /// Takes the next row in.
    ///
    /// - Returns: false where it is full, and the row begins another one.
    mutating func add(sequence: Int64, at time: WallTime) -> Bool {
        guard sequence - first < Self.mostRows else { return false }
        last = sequence
        since = min(since, time)
        until = max(until, time)
        return true
    }

    /// With the sums of its rows: every row that is in the sums is in a block.
    func keep(_ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO ledger_block (last, first, since, until) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [last, first, since.milliseconds, until.milliseconds])
    }

    /// Of rows that are gone.
    static func remove(through sequence: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM ledger_block WHERE last <= ?").execute(arguments: [sequence])
    }
}

extension [LedgerBlock] {
    mutating func add(sequence: Int64, at time: WallTime) {
        if !isEmpty, self[count - 1].add(sequence: sequence, at: time) { return }
        append(LedgerBlock(sequence: sequence, at: time))
    }
}
