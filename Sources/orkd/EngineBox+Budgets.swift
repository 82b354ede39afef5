import ORKit

// Budgets, under the same lock as the engine. Only where there are any does a
// request cross it for them: before it begins, and when its cost is known.

extension EngineBox {
    /// Whether a request of these may begin that may cost so much.
    func admit(_ subjects: [BudgetSubject], cost: Money, at now: Now) -> BudgetAdmission {
        changeBudgets(at: now) { $0.admit(subjects, cost: cost, at: $1) }
    }

    /// What a request cost is known, or never will be.
    ///
    /// - Parameter key: the one that served; its budget counts, and its pool's.
    func settle(
        _ hold: BudgetHold?, _ subjects: [BudgetSubject], key: KeyID? = nil, cost: Money?, at now: Now
    ) {
        cross(at: now) { guarded, moment in
            var subjects = subjects
            if let key {
                subjects.append(.key(key))
                if let pool = guarded.engine.pool(of: key) { subjects.append(.pool(pool)) }
            }
            guarded.budgets.settle(hold, subjects, cost: cost, at: moment)
        }
    }

    /// Runs one change of the budgets, or a look at them.
    func changeBudgets<Answer: Sendable>(
        at now: Now, _ body: (inout Budgets, BudgetMoment) -> Answer
    ) -> Answer {
        cross(at: now) { body(&$0.budgets, $1) }
    }

    private func cross<Answer: Sendable>(
        at now: Now, _ body: (inout Guarded, BudgetMoment) -> Answer
    ) -> Answer {
        let (answer, isNews, effects, number) = withGuarded { guarded -> (Answer, Bool, [Effect], Int64) in
            let hadNews = guarded.budgets.hasChanged
            let answer = body(&guarded, guarded.budgetClock.moment(at: now))
            let effects = close(&guarded, at: now)
            if !effects.isEmpty { guarded.number += 1 }
            watch(guarded.budgets)
            return (answer, !hadNews && guarded.budgets.hasChanged, effects, guarded.number)
        }
        if isNews { onLimitNews() }
        handOver(effects, number)
        return answer
    }

    /// Takes keys and pools out of which a budget is spent, and brings back
    /// those of which none is any more.
    private func close(_ guarded: inout Guarded, at now: Now) -> [Effect] {
        var effects: [Effect] = []
        for (subject, standing) in guarded.budgets.takeTurned() {
            let overspent = standing.map(Overspent.init)
            switch subject {
            case .key(let key): effects += guarded.engine.setOverspent(overspent, of: key, at: now)
            case .pool(let pool): guarded.engine.setOverspent(overspent, of: pool)
            case .everything, .user, .client: break
            }
        }
        return effects
    }

    /// As they were loaded. What is spent was spent before: no news.
    func adopt(_ budgets: Budgets, _ clock: BudgetClock, at now: Now) {
        withGuarded { guarded in
            guarded.budgets = budgets
            guarded.budgetClock = clock
            _ = close(&guarded, at: now)
            watch(guarded.budgets)
        }
    }

    /// What is to be kept of them; asked for on the thread that keeps it.
    func takeBudgetNews(at now: Now) -> BudgetNews {
        withGuarded { guarded in
            guard guarded.budgets.hasChanged else { return BudgetNews() }
            let (uses, warnings) = guarded.budgets.takeChanged()
            return BudgetNews(clock: guarded.budgetClock.moment(at: now), uses: uses, warnings: warnings)
        }
    }
}

extension Overspent {
    fileprivate init(_ standing: BudgetStanding) {
        self.init(
            text: "\(standing.spent.decimal) of \(standing.budget.limit.decimal) USD spent",
            until: standing.span.end.map { WallTime(milliseconds: $0) })
    }
}
