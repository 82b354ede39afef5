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
        return try first(in: start..<start + learning, db) { _, postings in
            for case .correct(let correction) in postings
            where correction.request == request && correction.quality == .reconciled {
                return correction
            }
            return nil
        }
    }
}
