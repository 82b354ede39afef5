internal import GRDB
import ORKit

/// What postings add up to by hour and by day. Kept for ever: a row for each
/// user, client, key, model, and model of a user, that was used in that hour or day.
enum UsageTable {
    private static let numbers = """
        requests, failed, prompt, completion, cached, cache_write, reasoning, cost_pico, credits, estimated, unknown
        """

    /// Adds what is new.
    static func add(_ tally: UsageTally, _ db: Database) throws {
        let hours = try db.cachedStatement(sql: adding(to: "usage_hour", by: "hour"))
        let days = try db.cachedStatement(sql: adding(to: "usage_day", by: "day"))
        var byDay: [UsageTally.Slot: UsageSum] = [:]
        for (slot, sum) in tally.sums {
            try hours.execute(arguments: arguments(slot, sum, db))
            let day = UsageTally.Slot(slot.subject, hour: slot.hour.day)
            byDay[day] = byDay[day].map { $0 + sum } ?? sum
        }
        for (slot, sum) in byDay { try days.execute(arguments: arguments(slot, sum, db)) }
        try UserModelTable.add(tally.models, db)
    }

    private static func adding(to table: String, by width: String) -> String {
        let names = numbers.split(separator: ", ")
        let sums = names.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")
        let places = Array(repeating: "?", count: names.count + 3).joined(separator: ", ")
        return """
            INSERT INTO \(table) (subject, \(width), id, \(numbers)) VALUES (\(places)) \
            ON CONFLICT (subject, \(width), id) DO UPDATE SET \(sums)
            """
    }

    private static func arguments(
        _ slot: UsageTally.Slot, _ sum: UsageSum, _ db: Database
    ) throws -> StatementArguments {
        [
            slot.subject.kind.rawValue, slot.hour, try id(of: slot.subject, db), sum.requests, sum.failed,
            sum.prompt, sum.completion, sum.cached, sum.cacheWrite, sum.reasoning, sum.cost.pico, sum.credits,
            sum.estimated, sum.unknown,
        ]
    }

    private static func id(of subject: UsageSubject, _ db: Database) throws -> Int64 {
        switch subject {
        case .user(let user): return user.raw
        case .client(let client): return client.raw
        case .key(let key): return key.raw
        case .model(let name): return try id(ofModel: name, db)
        case .pair(let pair):
            return try UserModelTable.id(of: pair.user, model: try id(ofModel: pair.model, db), db)
        }
    }

    private static func id(ofModel name: String, _ db: Database) throws -> Int64 {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO model_name (name) VALUES (?)")
            .execute(arguments: [name])
        return try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM model_name WHERE name = ?"), arguments: [name]) ?? 0
    }

    /// Sums over whole hours or days, `range` of them, by id.
    static func sums(
        _ kind: UsageSubject.Kind, days: Range<Int64>, _ db: Database
    ) throws -> [Int64: UsageSum] {
        try sums(kind, table: "usage_day", width: "day", days, db)
    }

    static func sums(
        _ kind: UsageSubject.Kind, hours: Range<Int64>, _ db: Database
    ) throws -> [Int64: UsageSum] {
        try sums(kind, table: "usage_hour", width: "hour", hours, db)
    }

    private static func sums(
        _ kind: UsageSubject.Kind, table: String, width: String, _ range: Range<Int64>, _ db: Database
    ) throws -> [Int64: UsageSum] {
        guard !range.isEmpty else { return [:] }
        let sums = numbers.split(separator: ", ").map { "sum(\($0))" }.joined(separator: ", ")
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, \(sums) FROM \(table) WHERE subject = ? AND \(width) >= ? AND \(width) < ? GROUP BY id
                """)
        let cursor = try Row.fetchCursor(
            statement, arguments: [kind.rawValue, range.lowerBound, range.upperBound])
        var found: [Int64: UsageSum] = [:]
        while let row = try cursor.next() { found[row.number(0)] = row.usageSum(1) }
        return found
    }

    /// Sum of one of them over whole days, or hours.
    static func sum(
        _ kind: UsageSubject.Kind, _ id: Int64, days: Range<Int64>, _ db: Database
    ) throws -> UsageSum {
        // Left alone SQLite takes the primary key, which has all others' days between.
        try sum(kind, id, table: "usage_day INDEXED BY usage_day_by_id", width: "day", days, db)
    }

    static func sum(
        _ kind: UsageSubject.Kind, _ id: Int64, hours: Range<Int64>, _ db: Database
    ) throws -> UsageSum {
        try sum(kind, id, table: "usage_hour", width: "hour", hours, db)
    }

    private static func sum(
        _ kind: UsageSubject.Kind, _ id: Int64, table: String, width: String, _ range: Range<Int64>,
        _ db: Database
    ) throws -> UsageSum {
        guard !range.isEmpty else { return UsageSum() }
        let sums = numbers.split(separator: ", ").map { "coalesce(sum(\($0)), 0)" }.joined(separator: ", ")
        let statement = try db.cachedStatement(
            sql:
                "SELECT \(sums) FROM \(table) WHERE subject = ? AND id = ? AND \(width) >= ? AND \(width) < ?"
        )
        let row = try Row.fetchOne(
            statement, arguments: [kind.rawValue, id, range.lowerBound, range.upperBound])
        return row?.usageSum(0) ?? UsageSum()
    }

    /// Sums of all clients, and so of everything, by day or hour.
    static func totals(days: Range<Int64>, _ db: Database) throws -> [Int64: UsageSum] {
        try totals(table: "usage_day", width: "day", days, db)
    }

    static func totals(hours: Range<Int64>, _ db: Database) throws -> [Int64: UsageSum] {
        try totals(table: "usage_hour", width: "hour", hours, db)
    }

    private static func totals(
        table: String, width: String, _ range: Range<Int64>, _ db: Database
    ) throws -> [Int64: UsageSum] {
        guard !range.isEmpty else { return [:] }
        let sums = numbers.split(separator: ", ").map { "sum(\($0))" }.joined(separator: ", ")
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(width), \(sums) FROM \(table) WHERE subject = ? AND \(width) >= ? AND \(width) < ? \
                GROUP BY \(width)
                """)
        let cursor = try Row.fetchCursor(
            statement, arguments: [UsageSubject.Kind.client.rawValue, range.lowerBound, range.upperBound])
        var found: [Int64: UsageSum] = [:]
        while let row = try cursor.next() { found[row.number(0)] = row.usageSum(1) }
        return found
    }

    /// What models are called.
    static func modelNames(_ db: Database) throws -> [Int64: String] {
        var names: [Int64: String] = [:]
        let cursor = try Row.fetchCursor(db, sql: "SELECT id, name FROM model_name")
        while let row = try cursor.next() { names[row.number(0)] = row.text(1) }
        return names
    }
}

extension UsageSubject {
    /// Of models nil: they are known by name.
    var id: Int64? {
        switch self {
        case .user(let user): user.raw
        case .client(let client): client.raw
        case .key(let key): key.raw
        case .model, .pair: nil
        }
    }
}

extension Int64 {
    /// Of an hour since 1970, the day.
    fileprivate var day: Int64 {
        let (days, rest) = quotientAndRemainder(dividingBy: 24)
        return rest < 0 ? days - 1 : days
    }
}

extension Row {
    fileprivate func usageSum(_ first: Int) -> UsageSum {
        var sum = UsageSum()
        sum.requests = number(first)
        sum.failed = number(first + 1)
        sum.prompt = number(first + 2)
        sum.completion = number(first + 3)
        sum.cached = number(first + 4)
        sum.cacheWrite = number(first + 5)
        sum.reasoning = number(first + 6)
        sum.cost = Money(pico: number(first + 7))
        sum.credits = number(first + 8)
        sum.estimated = number(first + 9)
        sum.unknown = number(first + 10)
        return sum
    }
}
