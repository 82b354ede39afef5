internal import GRDB
import ORKit

extension UsageService {
    /// One look at the database, so that the numbers are of one moment.
    ///
    /// - Parameter user: nil: everybody, the house included.
    func standing(of user: UserID?) async throws -> UsageStanding {
        let now = clock().wall
        // To the end of this hour: nothing is there yet, and no part of an hour must be read row by row.
        let until = now.endOfHour
        @Sendable func since(_ start: WallTime, _ db: Database) throws -> UsageSum {
            try sum(of: user, UsageSpan(since: start, until: until), db)
        }
        return try await store.read { db in
            let models = try models(of: user, db)
            let most = models.max {
                // Of two that are used alike, the name decides.
                ($0.value.requests, $1.key) < ($1.value.requests, $0.key)
            }
            return UsageStanding(
                total: try since(WallTime(milliseconds: 0), db), today: try since(now.startOfDay, db),
                month: try since(now.startOfMonth, db), model: most?.key,
                last: models.values.map(\.last).max())
        }
    }

    private func sum(of user: UserID?, _ span: UsageSpan, _ db: Database) throws -> UsageSum {
        var sum = UsageSum()
        if let user {
            sum = sum + (try UsageTable.sum(.user, user.raw, days: span.days, db))
            for hours in span.hours { sum = sum + (try UsageTable.sum(.user, user.raw, hours: hours, db)) }
        } else {
            for part in try UsageTable.totals(days: span.days, db).values { sum = sum + part }
            for hours in span.hours {
                for part in try UsageTable.totals(hours: hours, db).values { sum = sum + part }
            }
        }
        for (slot, part) in try loose(.user, span, db).sums {
            guard case .user(let owner) = slot.subject, user == nil || user == owner else { continue }
            sum = sum + part
        }
        return sum
    }

    private func models(of user: UserID?, _ db: Database) throws -> [String: UsageTally.ModelUse] {
        var uses = try UserModelTable.uses(of: user, db)
        var tally = UsageTally()
        try LedgerTable.walk(Int64.min..<Int64.max, after: try LedgerTable.summed(db), db) { at, postings in
            for posting in postings { tally.add(posting, at: at, to: .pair) }
        }
        for (subject, use) in tally.models where user == nil || user == subject.user {
            let before = uses[subject.model]
            uses[subject.model] = UsageTally.ModelUse(
                requests: (before?.requests ?? 0) + use.requests,
                last: max(use.last, before?.last ?? use.last)
            )
        }
        return uses
    }
}

extension WallTime {
    private static let day: Int64 = 86_400_000

    private var days: Int64 {
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: Self.day)
        return rest < 0 ? days - 1 : days
    }

    /// Of the calendar's day in UTC.
    var startOfDay: WallTime { WallTime(milliseconds: days * Self.day) }

    /// Of the hour that has begun.
    var endOfHour: WallTime {
        WallTime(milliseconds: (UsageTally.hour(of: self) + 1) * 3_600_000)
    }

    var startOfMonth: WallTime {
        let date = CivilDate(daysSince1970: days)
        return WallTime(
            milliseconds: CivilDate(year: date.year, month: date.month, day: 1).daysSince1970 * Self.day)
    }
}
