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
        let most = report.lines.prefix(Self.failuresNamed).map { ($0.text, String($0.attempts)) }
        let after: [String: AuditValue] = [
            "attempts": .number(Int64(report.attempts)),
            "most": .map(Dictionary(most, uniquingKeysWith: { first, _ in first })),
        ]
        let addresses = report.addresses == 1 ? "1 address" : "\(report.addresses) addresses"
        try? await store.transact { db in
            try AuditTable.append("callers.refused", addresses, by: .daemon, at: now, after: after, db)
        }
    }

    /// One audit row for each that has begun to administer over HTTP (EN-06).
    func record(_ visits: [AdminVisits.Visit]) async {
        let now = clock().wall
        try? await store.transact { db in
            for visit in visits {
                try AuditTable.append("admin.begin", "\(visit.address)", by: .caller(visit.who), at: now, db)
            }
        }
    }

    /// One audit row for each start (EN-06).
    ///
    /// - Parameter doors: settings that decide who is let in, where they are
    ///   not as by default, with their values.
    func recordStart(doors: [String: String]) async {
        let now = clock().wall
        try? await store.transact { db in
            try AuditTable.append(
                "daemon.start", "daemon", by: .daemon, at: now, after: doors.mapValues { .text($0) }, db)
        }
    }
}
