internal import GRDB
import ORKit

/// What operators do with budgets. A change is on disk with its audit row
/// first, then in force, then answered.
struct BudgetsService: BudgetsServing {
    private let store: Store
    private let box: EngineBox
    private let zones: ZoneBook
    private let clock: @Sendable () -> Now
    /// The data path hears of changes in the order of their commits.
    private let turns = Turns()

    init(_ store: Store, _ box: EngineBox, zones: ZoneBook = ZoneBook(), clock: @escaping @Sendable () -> Now)
    {
        self.store = store
        self.box = box
        self.zones = zones
        self.clock = clock
    }

    /// At start, before anybody asks: what is allowed and what was spent of
    /// it. Blocks.
    ///
    /// - Returns: names of time zones that are not known any more; UTC's
    ///   midnights count in their place.
    func load() throws -> [String] {
        let (rows, used) = try store.readNow { (try BudgetTable.rows($0), try BudgetUseTable.all($0)) }
        let now = clock()
        let steady = used.clock.map { BudgetClock(kept: $0, at: now) } ?? BudgetClock(at: now)
        let moment = steady.moment(at: now)
        var lost: Set<String> = []
        for row in rows {
            do { try zones.learn(row.budget.zone) } catch { lost.insert(row.budget.zone) }
        }
        var budgets = Budgets { [zones] period, zone, time in
            BudgetSpan(period, around: time, in: zones[zone])
        }
        for row in rows { budgets.set(row.budget.inForce, at: moment) }
        for (id, use) in used.uses { budgets.load(use, of: id, at: moment) }
        // All of it is on disk.
        _ = budgets.takeChanged()
        box.adopt(budgets, steady, at: now)
        return lost.sorted()
    }

    /// - Parameter select: names, numbers, or globs of names; all when empty.
    func list(_ select: [String]) async throws -> Page<BudgetView> {
        let found = try await store.read { db in
            try select.isEmpty ? BudgetFields.named(db) : BudgetFields.select(select, db)
        }
        return Page(items: views(found), next: nil, total: found.count)
    }

    func set(_ request: BudgetSet, _ order: Order) async throws -> Changes<BudgetView> {
        guard !request.budgets.isEmpty else { throw CodedError(.badValue, "name at least one budget") }
        if let zone = request.timeZone { try zones.learn(zone) }
        return try await change(order) { db, now in
            try request.budgets.map { text in
                let wanted = try BudgetFields.wanted(text, db)
                let before = try BudgetTable.row(of: wanted.subject, wanted.name.period, db)
                if let version = request.ifVersion, version != before?.version ?? 0 {
                    throw CodedError.versionLost(
                        wanted.name.text, at: before?.version ?? 0, wanted: version,
                        see: "orkctl budgets show")
                }
                var after = try BudgetFields.budget(before, wanted, by: request)
                guard after != before else {
                    return Step(budget: NamedBudget(row: after, name: wanted.name), outcome: "unchanged")
                }
                after.version += 1
                if before == nil {
                    after = try BudgetTable.insert(after, db)
                } else {
                    try BudgetTable.update(after, db)
                }
                try AuditTable.append(
                    "budgets.set", wanted.name.text, by: order.actor, at: now, before: before?.audit,
                    after: after.audit, db)
                return Step(
                    budget: NamedBudget(row: after, name: wanted.name),
                    outcome: before == nil ? "added" : "changed")
            }
        } apply: { budgets, budget, moment in
            budgets.set(budget.inForce, at: moment)
        }
    }

    /// What was spent is forgotten as well.
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<BudgetView> {
        try await change(order) { db, now in
            try BudgetFields.select(selection.select, ifExists: selection.ifExists ?? false, db).map {
                found in
                try BudgetTable.remove(found.row.budget.id, db)
                try AuditTable.append(
                    "budgets.remove", found.name.text, by: order.actor, at: now, before: found.row.audit, db)
                return Step(budget: found, outcome: "removed")
            }
        } apply: { budgets, budget, _ in
            budgets.remove(budget.id)
        }
    }

    /// What was done with one.
    private struct Step: Sendable {
        var budget: NamedBudget
        var outcome: String
        var isChange: Bool { outcome != "unchanged" }
    }

    private func change(
        _ order: Order, _ body: @escaping @Sendable (Database, WallTime) throws -> [Step],
        apply: @escaping @Sendable (inout Budgets, Budget, BudgetMoment) -> Void
    ) async throws -> Changes<BudgetView> {
        try await turns.take {
            let now = clock()
            let steps = try await store.transact(dryRun: order.dryRun) { try body($0, now.wall) }
            // Of one that is removed, as it was.
            let last = views(steps.map(\.budget))
            let changed = steps.filter(\.isChange).map(\.budget.row.budget)
            if !order.dryRun, !changed.isEmpty {
                box.changeBudgets(at: now) { budgets, moment in
                    for budget in changed { apply(&budgets, budget, moment) }
                }
            }
            let isGone = steps.contains { $0.outcome == "removed" }
            let shown = isGone || order.dryRun ? last : views(steps.map(\.budget))
            return Changes(
                items: zip(steps, shown).map { step, view in
                    Change(item: view, changed: step.isChange, outcome: step.outcome)
                })
        }
    }

    /// With what is spent now, as far as they are in force.
    private func views(_ found: [NamedBudget]) -> [BudgetView] {
        let now = clock()
        return box.changeBudgets(at: now) { budgets, moment in
            found.map { found in
                let budget = found.row.budget
                var standing =
                    budgets.standing(of: budget.id, at: moment)
                    ?? BudgetStanding(
                        budget: budget, spent: .zero, held: .zero,
                        span: BudgetSpan(budget.period, around: now.wall, in: zones[budget.zone]))
                standing.budget = budget
                return BudgetView(
                    standing, subject: found.name.subject, owner: found.name.owner,
                    version: found.row.version)
            }
        }
    }
}

extension Budget {
    /// Somebody always hears that it is spent.
    fileprivate var inForce: Budget {
        var budget = self
        if !budget.warnings.contains(100) { budget.warnings = (budget.warnings + [100]).sorted() }
        return budget
    }
}
