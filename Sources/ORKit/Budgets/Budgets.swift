// Budgets: how many dollars users, clients, keys and pools may cost in a period of the calendar.
// Here: the bounds, what was spent and is held of them, when a period begins. Not here: calendars and time zones
// (they are handed in), credits and postings (Ledger), the price of a request (Prices). Imports nothing.

/// Every budget there is, and what was spent of it.
///
/// A request is admitted by all budgets that are about it, or it holds nothing
/// of any. What it may cost is held while it runs; what it did cost is spent
/// when that is known.
public struct Budgets: Sendable {
    private var meters: [BudgetID: BudgetMeter] = [:]
    private var bySubject: [BudgetSubject: [BudgetID]] = [:]
    private let calendar: BudgetCalendar
    /// Those of which something is to be kept.
    private var changed: Set<BudgetID> = []
    private var warnings: [BudgetWarning] = []
    /// Keys and pools of which a hard one is spent, and those of which that
    /// has changed.
    private var closed: Set<BudgetSubject> = []
    private var turned: Set<BudgetSubject> = []

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
        assess(budget.subject)
    }

    public mutating func remove(_ id: BudgetID) {
        guard let meter = meters.removeValue(forKey: id) else { return }
        changed.remove(id)
        let subject = meter.budget.subject
        bySubject[subject]?.removeAll { $0 == id }
        if bySubject[subject]?.isEmpty ?? false { bySubject[subject] = nil }
        assess(subject)
    }

    /// Puts in what was kept.
    public mutating func load(_ use: BudgetUse, of id: BudgetID, at moment: BudgetMoment) {
        guard var meter = meters[id] else { return }
        meter.load(use, calendar, at: moment)
        meters[id] = meter
        assess(meter.budget.subject)
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
    ///   - subjects: whose costs it counts among; also those that refuse
    ///     nothing, such as the key that served.
    ///   - cost: what upstream accounts were debited; nil: nobody knows, and
    ///     what was held is given back.
    public mutating func settle(
        _ hold: BudgetHold?, _ subjects: [BudgetSubject], cost: Money?, at moment: BudgetMoment
    ) {
        for id in hold?.ids ?? [] { meters[id]?.release(hold?.cost ?? .zero) }
        guard let cost, cost > .zero else { return }
        correct(subjects, by: cost, at: moment)
    }

    /// More is known about what a request cost; a difference, perhaps below
    /// zero.
    public mutating func correct(_ subjects: [BudgetSubject], by cost: Money, at moment: BudgetMoment) {
        for subject in subjects {
            for id in bySubject[subject] ?? [] { spend(cost, of: id, at: moment) }
        }
    }

    private mutating func spend(_ cost: Money, of id: BudgetID, at moment: BudgetMoment) {
        guard var meter = meters[id] else { return }
        roll(&meter, at: moment)
        meter.spend(cost)
        changed.insert(id)
        while let warning = meter.nextWarning() {
            warnings.append(warning)
            changed.insert(id)
        }
        meters[id] = meter
        assess(meter.budget.subject)
    }

    private mutating func roll(_ meter: inout BudgetMeter, at moment: BudgetMoment) {
        if meter.roll(calendar, at: moment) { changed.insert(meter.budget.id) }
    }
}

// Keys and pools: which of them serves is not known when a request is admitted,
// so nothing is held of theirs. A spent one closes them instead.

extension Budgets {
    /// Whether a budget's subject is closed while it is spent.
    private func isClosed(_ subject: BudgetSubject) -> BudgetStanding? {
        (bySubject[subject] ?? []).lazy.compactMap { meters[$0]?.standing }.filter {
            $0.budget.isHard && $0.spent >= $0.budget.limit
        }.max { $0.span.end ?? .max < $1.span.end ?? .max }
    }

    private mutating func assess(_ subject: BudgetSubject) {
        switch subject {
        case .key, .pool: break
        case .everything, .user, .client: return
        }
        let isClosed = isClosed(subject) != nil
        guard isClosed != closed.contains(subject) else { return }
        if isClosed { closed.insert(subject) } else { closed.remove(subject) }
        turned.insert(subject)
    }

    /// Begins the periods whose time has come, of those that closed something.
    public mutating func tick(at moment: BudgetMoment) {
        for subject in closed {
            for id in bySubject[subject] ?? [] {
                guard var meter = meters[id] else { continue }
                roll(&meter, at: moment)
                meters[id] = meter
            }
            assess(subject)
        }
    }

    /// Keys and pools that are closed now, by the budget that lasts longest, or
    /// not any more; since it was last asked.
    public mutating func takeTurned() -> [(subject: BudgetSubject, by: BudgetStanding?)] {
        guard !turned.isEmpty else { return [] }
        defer { turned = [] }
        return turned.map { ($0, isClosed($0)) }
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
