import NIOConcurrencyHelpers

/// Keys, accounts and what they have used: the counters behind 402, 403 and
/// the free tier's 429.
final class AccountBook: Sendable {
    struct State {
        var accounts: [String: Account] = [:]
        var keys: [String: MockKey] = [:]
        var prefixes: [String] = []
        /// Conversations by account, model and conversation key.
        var conversations: [String: (provider: String, milliseconds: Int64)] = [:]
        var generations: [String: Generation] = [:]
        var count: UInt64 = 0
    }

    struct Generation {
        var bill: Bill
        var cancelled: Bool
        var milliseconds: Int64
    }

    let state = NIOLockedValueBox(State())

    func add(_ key: MockKey, account: Account?) {
        state.withLockedValue { state in
            state.keys[key.secret] = key
            if let account {
                state.accounts[key.account] = account
            } else if state.accounts[key.account] == nil {
                state.accounts[key.account] = Account(id: key.account)
            }
        }
    }

    func accept(prefix: String) { state.withLockedValue { $0.prefixes.append(prefix) } }
    func change(account id: String, _ change: (inout Account) -> Void) {
        state.withLockedValue { state in
            guard var account = state.accounts[id] else { return }
            change(&account)
            state.accounts[id] = account
        }
    }
    func change(key secret: String, _ change: (inout MockKey) -> Void) {
        state.withLockedValue { state in
            guard var key = state.keys[secret] else { return }
            change(&key)
            state.keys[secret] = key
        }
    }

    /// The key, made up with an account of its own when its prefix is
    /// accepted, or when a script knows it.
    func key(_ secret: String, known: Bool) -> MockKey? {
        state.withLockedValue { state in
            if let key = state.keys[secret] { return key.disabled ? nil : key }
            guard known || state.prefixes.contains(where: { secret.hasPrefix($0) }) else { return nil }
            let key = MockKey(secret, account: "user_" + SHA256.hex(secret.utf8).prefix(20))
            state.keys[secret] = key
            state.accounts[key.account] = Account(id: key.account)
            return key
        }
    }

    func used(_ secret: String) -> USD { state.withLockedValue { $0.keys[secret]?.used ?? .zero } }

    func account(_ id: String) -> Account? { state.withLockedValue { $0.accounts[id] } }

    /// A running number, for ids.
    func next() -> UInt64 {
        state.withLockedValue { state in
            state.count += 1
            return state.count
        }
    }

    /// The provider that this conversation sticks to for ten minutes, and
    /// whether it has been there before.
    func route(account: String, model: String, conversation: String, among providers: [String], now: Int64)
        -> (provider: String, warm: Bool)
    {
        state.withLockedValue { state in
            let name = "\(account)\u{0}\(model)\u{0}\(conversation)"
            if let known = state.conversations[name], now - known.milliseconds < 600_000 {
                state.conversations[name] = (known.provider, now)
                return (known.provider, true)
            }
            state.count += 1
            let provider = providers.isEmpty ? "Mock" : providers[Int(state.count % UInt64(providers.count))]
            state.conversations[name] = (provider, now)
            return (provider, false)
        }
    }

    /// Takes the cost of a complete answer from key and account.
    func settle(_ bill: Bill, key secret: String?, cancelled: Bool, now: Int64) {
        state.withLockedValue { state in
            state.generations[bill.generation] = Generation(
                bill: bill, cancelled: cancelled, milliseconds: now)
            guard let secret, var key = state.keys[secret] else { return }
            if let held = state.accounts[key.account]?.held, bill.held > .zero {
                state.accounts[key.account]?.held = max(.zero, held - bill.held)
            }
            guard !cancelled else { return }
            key.used = key.used + bill.cost
            state.keys[secret] = key
            guard var account = state.accounts[key.account] else { return }
            account.spent = account.spent + bill.cost
            if let credits = account.credits { account.credits = credits - bill.cost }
            state.accounts[key.account] = account
        }
    }

    func generation(_ id: String) -> Generation? { state.withLockedValue { $0.generations[id] } }

    /// Counts a request for a free model, also one that is refused.
    func countFree(account id: String, now: Int64) -> FreeTier {
        state.withLockedValue { state in
            guard var account = state.accounts[id] else { return .fits }
            defer { state.accounts[id] = account }
            account.roll(to: now)
            account.freeInMinute += 1
            account.freeInDay += 1
            if account.freeInDay > account.freePerDay {
                return .day(limit: account.freePerDay, reset: (now / 86_400_000 + 1) * 86_400_000)
            }
            if account.freeInMinute > account.freePerMinute {
                return .minute(limit: account.freePerMinute, reset: (now / 60_000 + 1) * 60_000)
            }
            return .fits
        }
    }

    enum FreeTier: Sendable {
        case fits
        /// Reset in milliseconds since 1970.
        case minute(limit: Int, reset: Int64)
        case day(limit: Int, reset: Int64)
    }

    /// Holds the estimate while a request runs; false when it does not fit.
    func hold(_ estimate: USD, account id: String) -> Bool {
        state.withLockedValue { state in
            guard var account = state.accounts[id], let budget = account.inFlightBudget else { return true }
            guard account.held + estimate <= budget else { return false }
            account.held = account.held + estimate
            state.accounts[id] = account
            return true
        }
    }
}

extension Account {
    /// Starts a new minute or day of the free tier.
    mutating func roll(to now: Int64) {
        if freeMinute != now / 60_000 {
            freeMinute = now / 60_000
            freeInMinute = 0
        }
        if freeDay != now / 86_400_000 {
            freeDay = now / 86_400_000
            freeInDay = 0
        }
    }
}
