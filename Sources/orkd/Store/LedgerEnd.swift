internal import GRDB
import ORKit

/// The end of the ledger, where rows are added: the number and the link of
/// the last one, and what all of them add up to. Confined to the writer's
/// thread; after a commit that failed it is read anew.
struct LedgerEnd {
    private var sums: LedgerTable.Sums
    /// Users whose balances have changed since the sums were written down.
    private var changed: Set<UserID> = []
    private var rowsSinceSums = 0
    /// Of these rows.
    private var blocks: [LedgerBlock] = []
    private var tally = UsageTally()

    /// So many rows are read again at the next start, at most.
    static let rowsBetweenSums = 1000
    /// So many sums are in memory at most.
    static let mostSums = 20_000

    var accounts: [UserID: Books.Account] { sums.replay.accounts }
    /// Of the last row.
    var link: LedgerLink { sums.link }
    var hasNews: Bool { rowsSinceSums > 0 }

    /// Reads the sums and adds up what came after them.
    ///
    /// - Throws: `database-corrupt` when a row does not follow the one before.
    init(_ db: Database) throws {
        var sums = try LedgerTable.sums(db)
        var changed: Set<UserID> = []
        var rows = 0
        var blocks: [LedgerBlock] = []
        var tally = UsageTally()
        try LedgerTable.walk(after: sums.sequence, db) { line, packed in
            try sums.follow(line, packed)
            for posting in line.postings {
                if let user = posting.user { changed.insert(user) }
                tally.add(posting, at: line.at)
            }
            blocks.add(sequence: line.sequence, at: line.at)
            rows += 1
        }
        self.sums = sums
        self.blocks = blocks
        self.changed = changed
        self.tally = tally
        rowsSinceSums = rows
    }

    /// Adds what came for one commit as one row.
    ///
    /// - Parameter limits: what was counted of limits since the row before. Only
    ///   written where there is a line to be written.
    /// - Returns: the postings that contradict what is there; they are not in
    ///   the ledger. There are none unless a decision of ours was wrong.
    mutating func append(
        _ postings: [Posting], limits: LimitIncrement? = nil, at: WallTime, _ db: Database
    ) throws -> [Posting] {
        var refused: [Posting] = []
        var lines: [Posting] = []
        lines.reserveCapacity(postings.count)
        // Many of one user come together.
        var newest: UserID?
        for posting in Posting.joined(postings) {
            do {
                try sums.replay.add(posting)
                lines.append(posting)
                tally.add(posting, at: at)
                if let user = posting.user, user != newest {
                    changed.insert(user)
                    newest = user
                }
            } catch {
                refused.append(posting)
            }
        }
        guard !lines.isEmpty else { return refused }
        let body = Posting.pack(lines)
        let sequence = sums.sequence + 1
        let link = sums.link.next(sequence: sequence, at: at, body: body)
        for line in lines { try InquiryTable.put(line, at: at, db) }
        try LedgerTable.append(
            sequence: sequence, at: at, count: lines.count, body: body, link: link, limits: limits, db)
        sums.sequence = sequence
        sums.link = link
        sums.bytes += LedgerTable.size(ofBody: body.count)
        rowsSinceSums += 1
        blocks.add(sequence: sequence, at: at)
        if rowsSinceSums >= Self.rowsBetweenSums || tally.size >= Self.mostSums { try keepSums(db) }
        return refused
    }

    /// Ends what a process before this one left open, by the written rule.
    ///
    /// - Returns: how many requests that were.
    mutating func recover(at: WallTime, _ db: Database) throws -> Int {
        let recovery = sums.replay.recovery
        _ = try append(recovery, at: at, db)
        if rowsSinceSums > 0 { try keepSums(db) }
        return recovery.count
    }

    mutating func keepSums(_ db: Database) throws {
        try LedgerTable.keep(sums, changed: changed, db)
        try UsageTable.add(tally, db)
        for block in blocks { try block.keep(db) }
        changed = []
        blocks = []
        tally = UsageTally()
        rowsSinceSums = 0
    }
}
