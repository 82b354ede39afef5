internal import GRDB
import ORKit

/// What was spent of budgets, and the clock that their periods are measured
/// by: both are kept together.
enum BudgetUseTable {
    static func put(_ news: BudgetNews, _ db: Database) throws {
        guard let clock = news.clock else { return }
        try db.execute(
            sql: "INSERT OR REPLACE INTO budget_clock (id, wall, steady) VALUES (1, ?, ?)",
            arguments: [clock.wall.milliseconds, clock.steady])
        for (id, use) in news.uses { try put(use, of: id, db) }
        for warning in news.warnings { try EventNoteTable.append(warning, at: clock.wall, db) }
    }

    /// Of a budget that was removed meanwhile nothing stays.
    private static func put(_ use: BudgetUse, of id: BudgetID, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO budget_use (budget_id, first, last, began, spent, warned) \
                SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM budget WHERE id = ?1)
                """)
        try statement.execute(arguments: [
            id.raw, use.span.start, use.span.end, use.began, use.spent.pico, use.warned,
        ])
    }

    static func all(_ db: Database) throws -> BudgetNews {
        var news = BudgetNews()
        if let row = try Row.fetchOne(db, sql: "SELECT wall, steady FROM budget_clock") {
            news.clock = BudgetMoment(
                wall: WallTime(milliseconds: row.number(0)), steady: row.number(1))
        }
        let rows = try Row.fetchCursor(
            db, sql: "SELECT budget_id, first, last, began, spent, warned FROM budget_use")
        while let row = try rows.next() {
            news.uses[BudgetID(row.number(0))] = BudgetUse(
                span: BudgetSpan(start: row.number(1), end: row[2] as Int64?), began: row.number(3),
                spent: Money(pico: row.number(4)), warned: Int(clamping: row.number(5)))
        }
        return news
    }
}

/// What has changed in the use of budgets, to be kept together.
struct BudgetNews: Sendable {
    /// Nil: nothing has changed.
    var clock: BudgetMoment?
    var uses: [BudgetID: BudgetUse] = [:]
    /// Events.
    var warnings: [BudgetWarning] = []

    /// What came later stays.
    mutating func add(_ later: BudgetNews) {
        clock = later.clock ?? clock
        uses.merge(later.uses) { $1 }
        warnings += later.warnings
    }
}

extension EventNoteTable {
    static let budget = "budget"

    static func append(_ warning: BudgetWarning, at: WallTime, _ db: Database) throws {
        let standing = warning.standing
        let isSpent = warning.percent >= 100
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO event (at, kind, severity, event, code, text, scope, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            at.milliseconds, budget, EventSeverity.warning.rawValue, isSpent ? "spent" : "warned",
            isSpent && standing.budget.isHard ? ErrorCode.budgetSpent.rawValue : nil,
            "\(warning.percent) % passed: \(standing.spent.decimal) of \(standing.budget.limit.decimal) USD spent",
            try BudgetTable.name(standing.budget, db).text, standing.span.end,
        ])
    }
}
