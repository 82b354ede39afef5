import ORKit

/// What one maintenance pass looks at (CL-03). The names are the wire's.
enum CleanupClass: String, Sendable, CaseIterable {
    /// Keys whose rest is over, and rests too old to mean anything.
    case expiredRests = "expired-rests"
    case requestRecords = "request-records"
    /// Postings of the ledger; what they came to stays.
    case ledger
    case keyHistory = "key-history"
    case audit
    /// What happened and is in no other table.
    case events
    /// Old client keys whose grace after a rotation is over.
    case clientGraces = "client-graces"
    /// Names of keys and clients that are gone.
    case tombstones
    /// Pages of the database file that hold nothing any more.
    case storePages = "store-pages"

    /// - Throws: `bad-value` naming what there is; all when nothing is said.
    static func read(_ names: [String]) throws -> [CleanupClass] {
        guard !names.isEmpty else { return allCases }
        let wanted = try names.map { name in
            guard let known = CleanupClass(rawValue: name) else {
                let all = allCases.map(\.rawValue).joined(separator: ", ")
                throw CodedError(.badValue, "a class of cleanup must be one of: \(all)")
            }
            return known
        }
        return allCases.filter(wanted.contains)
    }
}

/// How long things are kept.
struct Retention: Sendable, Hashable {
    /// Request records: so many days or bytes, whichever is reached first
    /// (ruling 47).
    var requestDays = 30
    var requestBytes: Int64 = 1 << 30
    /// And so many, the newest; 0: however many.
    var requestCount = 0
    /// Postings of the ledger: so many days or bytes, whichever is reached first.
    var ledgerDays = 400
    var ledgerBytes: Int64 = 4 << 30
    var historyDays = 90
    /// Changes of state, of all keys together: a reader of events sees what
    /// is missing only where the oldest went first. 0: however many.
    var transitionCount = 0
    /// Notes of what happened, the newest; 0: however many.
    var eventCount = 1_000_000
    /// Audit rows, notes, and the names of what is gone.
    var auditDays = 400

    static func limit(days: Int, before now: WallTime) -> WallTime {
        now.advanced(byMilliseconds: -Int64(clamping: days) * 86_400_000)
    }
}
