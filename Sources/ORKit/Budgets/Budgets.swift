// Budgets: how many dollars users, clients, keys and pools may cost in a period of the calendar.
// Here: the bounds, what was spent and is held of them, when a period begins. Not here: calendars and time zones
// (they are handed in), credits and postings (Ledger), the price of a request (Prices). Imports nothing.

/// Every budget there is, and what was spent of it.
///
/// A request is admitted by all budgets that are about it, or it holds nothing
/// of any. What it may cost is held while it runs; what it did cost is spent
/// when that is known. Those of its key count what it cost and refuse nothing:
/// which key serves is not known when it is admitted.
public struct Budgets: Sendable {
    private var meters: [BudgetID: BudgetMeter] = [:]
    private var bySubject: [BudgetSubject: [BudgetID]] = [:]
    private let calendar: BudgetCalendar
    /// Those of which something is to be kept.
    private var changed: Set<BudgetID> = []
    private var warnings: [BudgetWarning] = []

    public init(_ calendar: @escaping BudgetCalendar) { self.calendar = calendar }

    public var isEmpty: Bool { meters.isEmpty }

    // What operators say

    /// What was spent of a budget that stays is still spent when its limit is
    /// another one; with another period it begins anew.
    public mutating func set(_ budget: Budget, at moment: BudgetMoment) {
        if var meter = meters[budget.id], meter.budget.subject == budget.subject {
            meter.change(budget, calendar, at: moment)
            meters[budget.id] = meter
        } else {
            remove(budget.id)
            meters[budget.id] = BudgetMeter(budget, calendar, at: moment)
            bySubject[budget.subject, default: []].append(budget.id)
        }
        changed.insert(budget.id)
    }

    public mutating func remove(_ id: BudgetID) {
        guard let meter = meters.removeValue(forKey: id) else { return }
        changed.remove(id)
        let subject = meter.budget.subject
        bySubject[subject]?.removeAll { $0 == id }
        if bySubject[subject]?.isEmpty ?? false { bySubject[subject] = nil }
    }

    /// Puts in what was kept.
    public mutating func load(_ use: BudgetUse, of id: BudgetID, at moment: BudgetMoment) {
        guard var meter = meters[id] else { return }
        meter.load(use, calendar, at: moment)
        meters[id] = meter
    }

    /// Nil: there is no such budget.
    public mutating func standing(of id: BudgetID, at moment: BudgetMoment) -> BudgetStanding? {
        guard var meter = meters[id] else { return nil }
        roll(&meter, at: moment)
        meters[id] = meter
        return meter.standing
    }

    // What requests ask

    /// Whether a request that costs at most so much may begin.
    ///
    /// - Parameter cost: zero where nobody knows: it may begin as long as
    ///   anything is left.
    /// - Returns: what it holds, or why it may not begin.
    public mutating func admit(
        _ subjects: [BudgetSubject], cost: Money, at moment: BudgetMoment
    ) -> BudgetAdmission {
        let ids = subjects.flatMap { bySubject[$0] ?? [] }
        guard !ids.isEmpty else { return .free }
        let cost = max(.zero, cost)
        for id in ids {
            guard var meter = meters[id] else { continue }
            roll(&meter, at: moment)
            meters[id] = meter
            if meter.refuses(cost) { return .refused(meter.standing) }
        }
        for id in ids { meters[id]?.hold(cost) }
        return .admitted(BudgetHold(ids: ids, cost: cost))
    }

    /// A request is over.
    ///
    /// - Parameters:
    ///   - cost: what upstream accounts were debited; nil: nobody knows, and
    ///     what was held is given back.
    ///   - key: the one that served.
    public mutating func settle(
        _ hold: BudgetHold, cost: Money?, key: KeyID?, at moment: BudgetMoment
    ) {
        let spent = max(.zero, cost ?? .zero)
        for id in hold.ids { spend(spent, releasing: hold.cost, of: id, at: moment) }
        for id in key.flatMap({ bySubject[.key($0)] }) ?? [] {
            spend(spent, releasing: .zero, of: id, at: moment)
        }
    }

    /// More is known about what a request cost; a difference, perhaps below
    /// zero.
    public mutating func correct(_ subjects: [BudgetSubject], by cost: Money, at moment: BudgetMoment) {
        for subject in subjects {
            for id in bySubject[subject] ?? [] { spend(cost, releasing: .zero, of: id, at: moment) }
        }
    }

    private mutating func spend(
        _ cost: Money, releasing held: Money, of id: BudgetID, at moment: BudgetMoment
    ) {
        guard var meter = meters[id] else { return }
        roll(&meter, at: moment)
        meter.release(held)
        if cost != .zero {
            meter.spend(cost)
            changed.insert(id)
        }
        while let warning = meter.nextWarning() {
            warnings.append(warning)
            changed.insert(id)
        }
        meters[id] = meter
    }

    private mutating func roll(_ meter: inout BudgetMeter, at moment: BudgetMoment) {
        if meter.roll(calendar, at: moment) { changed.insert(meter.budget.id) }
    }
}

// What outlives the process.

extension Budgets {
    public var hasChanged: Bool { !changed.isEmpty || !warnings.isEmpty }

    /// What has changed since it was last asked.
    public mutating func takeChanged() -> (uses: [BudgetID: BudgetUse], warnings: [BudgetWarning]) {
        defer {
            changed = []
            warnings = []
        }
        var uses: [BudgetID: BudgetUse] = [:]
        for id in changed { uses[id] = meters[id]?.use }
        return (uses, warnings)
    }
}
