import NIOCore
import ORKit

// What upstream accounts may be debited for the client: asked before its limits
// are, counted before the settlement is written.

/// How far one request is with budgets.
struct BudgetStay {
    var hold: BudgetHold?
    /// Its cost is counted.
    var isSettled = false
}

extension ProxyExchange {
    /// Whether the upstream may charge for it.
    private var mayCost: Bool {
        guard method == .post else { return false }
        switch path.class {
        case .inference, .object, .other: return true
        case .catalogue, .account: return false
        }
    }

    /// Those of which one that is spent refuses the request.
    private var payers: [BudgetSubject] { [.everything, .user(client.user), .client(client.id)] }

    /// Holds what the request will likely cost, or refuses it.
    func admitBudgets() -> Bool {
        guard gateway.box.hasBudgets, mayCost else { return true }
        switch gateway.box.admit(payers, cost: likelyCost, at: loop.now) {
        case .free: return true
        case .admitted(let hold):
            budget.hold = hold
            return true
        case .refused(let standing):
            refuse(standing)
            return false
        }
    }

    private func refuse(_ standing: BudgetStanding) {
        let isSpent = standing.spent >= standing.budget.limit
        let wait = isSpent ? standing.span.end.map { $0 - loop.now.wall.milliseconds } : nil
        // What all cost together is nothing that this caller can pay (ruling 11).
        let status: Int? = standing.budget.subject == .everything ? 503 : nil
        let until = standing.span.end.map { ", until \(WallTime(milliseconds: $0).rfc3339)" } ?? ""
        refuse(
            ErrorAnswer(
                .budgetSpent,
                message: "\(ErrorCode.budgetSpent.entry.title): \(standing.left.decimal) of "
                    + "\(standing.budget.limit.decimal) USD left\(until)",
                retryAfterMilliseconds: wait, status: status))
    }

    /// By the list of prices; zero where that does not know the model.
    private var likelyCost: Money {
        guard let model = ask.model else { return .zero }
        return loop.prices.worstCase(of: body.likelyBound, models: [model])?.cost ?? .zero
    }

    /// Its cost is counted, once.
    func settleBudgets() {
        guard !budget.isSettled, budget.hold != nil || gateway.box.hasBudgets else { return }
        budget.isSettled = true
        let (hold, cost) = (budget.hold, debit)
        budget.hold = nil
        guard hold != nil || cost ?? .zero > .zero else { return }
        gateway.box.settle(hold, payers, key: attempts.last?.key, cost: cost, at: loop.now)
    }

    /// What upstream accounts were debited for it: as stated, else by the list
    /// of prices. Of an answer that broke off, for what had come. Nil: nothing
    /// is known.
    private var debit: Money? {
        if let usage = scanner.usage {
            return usage.cost ?? ask.model.flatMap { loop.prices.estimate(usage, model: $0) }
        }
        guard mayCost, attempts.last?.verdict.cause == .ok, let bytes = goodBytes, let model = ask.model
        else { return nil }
        var usage = Usage()
        usage.prompt = body.likelyBound.prompt ?? 0
        // One event brings about one token.
        usage.completion = isStream ? scanner.events : bytes / 4
        usage.total = usage.prompt + usage.completion
        return loop.prices.estimate(usage, model: model)
    }
}
