internal import GRDB
import ORKit

/// Goes through the kept requests from the newest to the oldest without
/// holding more than a few rows in memory.
///
/// Rows lie in the order of their first record, and the records of one are at
/// most `RequestTable.span` apart, so rows overlap: a record is the next one
/// only when no row that is still unread can hold a later one.
struct RequestWalk {
    /// Where the following page begins: only records below it. Nil: there is
    /// nothing more.
    private(set) var next: RequestID?

    private let filter: RequestFilter
    /// Records of rows that were read, not given out yet, by rising id.
    private var ready: [RequestRecord] = []
    /// Rows to read, by falling first id; then those below `unseen`.
    private var batches: ArraySlice<RequestTable.Batch> = []
    private var unseen: UInt64
    private var isExhausted = false
    /// Ids from here on are on an earlier page.
    private let upper: UInt64
    private var decoded = 0

    /// Records that one page may cost to look at: some 100 ms.
    static let allowance = 200_000

    init(below cursor: RequestID?, filter: RequestFilter) {
        self.filter = filter
        upper = min(cursor?.raw ?? .max, filter.upper?.raw ?? .max)
        unseen = upper
    }

    /// The next ones that the filter lets through.
    mutating func take(_ limit: Int, _ db: Database) throws -> [RequestRecord] {
        var taken: [RequestRecord] = []
        while taken.count < limit {
            guard let record = try pop(db) else {
                next = bound.map { RequestID(raw: $0) }
                return taken
            }
            taken.append(record)
        }
        next = try pop(db) == nil && batches.isEmpty ? nil : taken.last?.id
        return taken
    }

    /// Nil: there is none, or the allowance is used up.
    private mutating func pop(_ db: Database) throws -> RequestRecord? {
        while true {
            try refill(db)
            if let last = ready.last, bound.map({ last.id.raw >= $0 }) ?? true { return ready.removeLast() }
            guard let batch = batches.first else { return nil }
            // Not before some way was made, else the next page would begin here too.
            guard decoded < Self.allowance || bound == upper else { return nil }
            batches.removeFirst()
            if filter.failedOnly, batch.failed == 0 { continue }
            decoded += batch.count
            ready += try RequestTable.records(of: batch, db).filter {
                $0.id.raw < upper && filter.includes($0)
            }
            ready.sort { $0.id < $1.id }
        }
    }

    /// No unread row holds an id from here on. Nil: there is no unread row.
    private var bound: UInt64? {
        guard let first = batches.first?.first else { return nil }
        let (sum, overflow) = first.addingReportingOverflow(RequestTable.span + 1)
        return min(upper, overflow ? .max : sum)
    }

    private mutating func refill(_ db: Database) throws {
        guard batches.isEmpty, !isExhausted else { return }
        let rows = 256
        let found = try RequestTable.batches(firstBelow: unseen, atLeast: filter.lowest.raw, limit: rows, db)
        batches = found[...]
        unseen = found.last?.first ?? 0
        isExhausted = found.count < rows
    }
}
