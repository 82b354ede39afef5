internal import GRDB
import ORKit

/// What the fields of a budget may hold, and which budget a name means.
enum BudgetFields {
    /// Of a new one, where nothing is said.
    private static let warnings = [80]
    private static let mostWarnings = 10
    /// More than anybody spends, and far from where sums overflow.
    private static let most = Money(pico: 1_000_000 * Money.picoPerDollar)

    /// - Throws: `bad-value`.
    static func limit(_ text: String) throws -> Money {
        guard let limit = Money(decimal: text.utf8), limit > .zero, limit <= most else {
            throw CodedError(
                .badValue, "limit must be an amount in USD above 0, up to 1000000, such as 50 or 0.25")
        }
        return limit
    }

    /// Rising, each once.
    static func warnings(_ marks: [Int]) throws -> [Int] {
        guard marks.count <= mostWarnings, marks.allSatisfy((1...1000).contains) else {
            throw CodedError(.badValue, "warn_at holds at most \(mostWarnings) percentages from 1 to 1000")
        }
        return Set(marks).sorted()
    }

    /// A budget that is made, or the one that is there with what changes.
    static func budget(_ before: BudgetRow?, _ wanted: Wanted, by request: BudgetSet) throws -> BudgetRow {
        guard let limit = try request.limit.map(limit) ?? before?.budget.limit else {
            throw CodedError(
                .badValue, "a new budget needs a limit",
                hints: ["for example:   orkctl budgets set \(wanted.name.text) --limit 50"])
        }
        var row =
            before
            ?? BudgetRow(
                budget: Budget(
                    id: BudgetID(0), subject: wanted.subject, limit: limit, period: wanted.name.period,
                    zone: "UTC", isHard: true, warnings: warnings), version: 0)
        row.budget.limit = limit
        row.budget.zone = request.timeZone ?? row.budget.zone
        row.budget.isHard = request.hard ?? row.budget.isHard
        row.budget.warnings = try request.warnAt.map(warnings) ?? row.budget.warnings
        return row
    }

    /// What somebody who wants to change a budget named.
    struct Wanted: Sendable {
        /// With the name that its owner has now.
        var name: BudgetName
        var subject: BudgetSubject
    }

    /// - Throws: `bad-value` for what is no name of a budget, `…-not-found`
    ///   for an owner who is not there.
    static func wanted(_ text: String, _ db: Database) throws -> Wanted {
        guard let name = BudgetName(text), !Glob.isGlob(name.owner ?? "") else {
            throw CodedError(
                .badValue, "“\(KeyFields.shown(text))” is no name of a budget",
                hints: ["for example:   user:alice/month, client:web/day, all/total"])
        }
        let subject: BudgetSubject
        let owner: String?
        switch (name.subject, name.owner) {
        case ("user", let text?):
            guard let row = try UserFields.select([text], db).first else {
                throw CodedError(.userNotFound, "there is no user “\(KeyFields.shown(text))”")
            }
            (subject, owner) = (.user(row.id), row.name)
        case ("client", let text?):
            guard let row = try ClientSelection.find([text], byPrefix: false, db).first else {
                throw CodedError(.clientNotFound, "there is no client “\(KeyFields.shown(text))”")
            }
            (subject, owner) = (.client(row.id), row.name)
        case ("key", let text?):
            guard let row = try KeySelection.find([text], byPrefix: false, db).rows.first else {
                throw CodedError(.keyNotFound, "there is no key “\(KeyFields.shown(text))”")
            }
            (subject, owner) = (.key(row.id), row.name)
        case ("pool", let text?):
            let row = try PoolFields.find(text, db)
            (subject, owner) = (.pool(row.id), row.name)
        default: (subject, owner) = (.everything, nil)
        }
        return Wanted(
            name: BudgetName(subject: name.subject, owner: owner, period: name.period), subject: subject)
    }

    /// The budgets that an operator names: by name, number, or a glob of
    /// names.
    ///
    /// - Returns: each once, in the order in which they were named.
    /// - Throws: `budget-not-found` for a literal that names nothing, unless
    ///   `ifExists`.
    static func select(
        _ select: [String], ifExists: Bool = false, _ db: Database
    ) throws -> [NamedBudget] {
        guard !select.isEmpty else { throw CodedError(.badValue, "name at least one budget") }
        let all = try named(db)
        var found: [NamedBudget] = []
        var seen: Set<BudgetID> = []
        for text in select {
            let glob = Glob.isGlob(text) ? Glob(text) : nil
            let rows = all.filter { budget in
                glob?.matches(budget.name.text)
                    ?? (budget.name.text == text || String(budget.row.budget.id.raw) == text)
            }
            guard !rows.isEmpty || glob != nil || ifExists else {
                throw CodedError(.budgetNotFound, "there is no budget “\(KeyFields.shown(text))”")
            }
            found += rows.filter { seen.insert($0.row.budget.id).inserted }
        }
        return found
    }

    static func named(_ db: Database) throws -> [NamedBudget] {
        try BudgetTable.rows(db).map { NamedBudget(row: $0, name: try BudgetTable.name($0.budget, db)) }
            .sorted { $0.name.text < $1.name.text }
    }
}

/// A budget and what it is called now.
struct NamedBudget: Sendable, Hashable {
    var row: BudgetRow
    var name: BudgetName
}

extension BudgetRow {
    var audit: [String: AuditValue] {
        [
            "limit": .text(budget.limit.decimal), "time_zone": .text(budget.zone),
            "hard": .flag(budget.isHard),
            "warn_at": .text(budget.warnings.map { String($0) }.joined(separator: ",")),
            "version": .number(version),
        ]
    }
}
