internal import FoundationEssentials
internal import GRDB
import ORKit

extension LedgerTable {
    /// So long after a request began the upstream is asked about it, and some
    /// time more for a daemon that did not run.
    private static let learning: Int64 = 48 * 3_600_000

    /// What was learnt from the upstream's own record after the request was
    /// settled; nil: nothing, or its row is gone.
    static func learnt(of request: RequestID, _ db: Database) throws -> Correction? {
        let start = request.wallMilliseconds
        let cursor = try Row.fetchCursor(
            db.cachedStatement(sql: inSpan), arguments: [start, start + learning, Int64.max])
        while let row = try cursor.next() {
            guard let postings = Posting.unpack([UInt8](row[1] as Data? ?? Data())) else {
                throw Row.damaged
            }
            for posting in postings {
                guard case .correct(let correction) = posting, correction.request == request,
                    correction.quality == .reconciled
                else { continue }
                return correction
            }
        }
        return nil
    }
}
