internal import GRDB
import ORKit

extension OperationsService {
    /// Addresses that one row names at most.
    private static let failuresNamed = 50

    /// One audit row for all callers that were not let in during a minute
    /// (ruling 24). A disk that cannot be written has a condition of its own,
    /// and the log has the same figures.
    func record(_ report: FailedAdmissions.Report) async {
        let now = clock().wall
        let most = report.lines.prefix(Self.failuresNamed).map {
            ("\($0.address) \($0.code.rawValue)", String($0.attempts))
        }
        let after: [String: AuditValue] = [
            "attempts": .number(Int64(report.attempts)),
            "most": .map(Dictionary(most, uniquingKeysWith: { first, _ in first })),
        ]
        try? await store.transact { db in
            try AuditTable.append(
                "callers.refused", "\(report.addresses) addresses", by: .daemon, at: now, after: after, db)
        }
    }
}
