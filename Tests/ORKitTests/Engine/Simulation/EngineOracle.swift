// Simulation: random histories of a pool, judged by a second, simpler model of it.
// Here: the oracle, the driver, the tests that run many seeds.
// Not here: single stories with a known end (the folder above). Imports Testing, Foundation, ORKit.

@testable import ORKit

/// What must be true of a pool, worked out the slow and plain way: lists
/// instead of indexes, accounts as owners of their rests, failure runs read
/// from a log. Where the engine guesses a length, the oracle knows bounds.
struct EngineOracle {
    struct Rest {
        /// A key without a name for its account has both kinds in one list.
        var isAccounts: Bool
        var model: String?
        var cause: Cause
        /// Surely resting before this.
        var least: Int64
        /// Surely over from here on.
        var most: Int64
    }

    struct Key {
        var enabled = true
        var account: String?
        var rests: [Rest] = []
        var isSuspect = false
        var isInvalid = false
        var firstRejection: Int64?
        var isEvidenceLost = false
        var brokenUntil: Int64?
        var trialFailures = 0
        var trialsRunning = 0
        var inFlight = 0
        /// Events up to here no longer count against it.
        var runStart = 0
    }

    /// Known faults of the oracle: a checker that does not notice them checks
    /// nothing.
    enum Fault { case none, statedEndsLate, blamesAnother, breaksLate }

    struct Event {
        var key: KeyID
        var model: String?
        var isSuccess: Bool
    }

    let fault: Fault
    var keys: [KeyID: Key] = [:]
    var accountRests: [String: [Rest]] = [:]
    var log: [Event] = []
    var successes: [(key: KeyID, at: Int64)] = []

    init(fault: Fault) { self.fault = fault }

    // Who may serve

    private func rests(of key: Key) -> [Rest] { key.rests + (key.account.flatMap { accountRests[$0] } ?? []) }

    private static func covers(_ rest: Rest, _ model: String?) -> Bool {
        switch rest.model {
        case nil: true
        case ":free": model.map(isFree) ?? false
        case ":paid": model.map { !isFree($0) } ?? false
        case let name: name == (model ?? ":none")
        }
    }

    static func isFree(_ model: String) -> Bool { model.hasSuffix(":free") }

    /// Why the key must not be leased; nil: it may be, or it may be known to
    /// the engine alone.
    func objection(to id: KeyID, for model: String?, isTrial: Bool, at now: Int64) -> String? {
        guard let key = keys[id] else { return "is not in the pool" }
        if !key.enabled { return "is disabled" }
        if key.isInvalid { return "is invalid" }
        if key.isSuspect { return "is suspect" }
        if let until = key.brokenUntil {
            if !isTrial { return "is broken" }
            if until > now { return "is broken and not due" }
            if key.trialsRunning > 0 { return "is on trial already" }
        } else if isTrial {
            return "is on trial without being broken"
        }
        if rests(of: key).contains(where: { $0.least > now && Self.covers($0, model) }) { return "rests" }
        return nil
    }

    /// Nothing whatever keeps the key from serving.
    func surelyServes(_ id: KeyID, _ model: String?, at now: Int64) -> Bool {
        guard let key = keys[id], key.enabled, !key.isInvalid, !key.isSuspect, key.brokenUntil == nil,
            !key.isEvidenceLost
        else { return false }
        return !rests(of: key).contains { $0.most > now && Self.covers($0, model) }
    }

    /// The state as it must show; nil where only bounds are known.
    func state(of id: KeyID, at now: Int64) -> KeyState? {
        guard let key = keys[id], !key.isEvidenceLost else { return nil }
        if !key.enabled { return .disabled }
        if key.isInvalid { return .invalid }
        if key.brokenUntil != nil { return .broken }
        if key.isSuspect { return .suspect }
        let whole = rests(of: key).filter {
            $0.model == nil || ($0.model == ":paid" && Self.isMoney($0.cause))
        }
        if whole.contains(where: { $0.least <= now && $0.most > now }) { return nil }
        let active = whole.filter { $0.least > now }
        if active.contains(where: { Self.isMoney($0.cause) }) { return .exhausted }
        return active.isEmpty ? .usable : .resting
    }

    private static func isMoney(_ cause: Cause) -> Bool { cause == .creditsOut || cause == .keyLimit }

    func surelyRestsForNothing(_ id: KeyID, at now: Int64) -> Bool {
        guard let key = keys[id], !key.isSuspect, !key.isInvalid, key.brokenUntil == nil, !key.isEvidenceLost
        else {
            return false
        }
        return !rests(of: key).contains { $0.most > now }
    }

    // What is learnt

    mutating func heard(_ verdict: Verdict, from id: KeyID, _ model: String?, isTrial: Bool, at now: Int64) {
        var id = id
        if fault == .blamesAnother, let other = keys.keys.filter({ $0 != id }).min() { id = other }
        guard keys[id] != nil else { return }
        switch verdict.cause {
        case .ok, .badRequest: break
        case .rejected where verdict.scope == .key:
            if keys[id]?.isInvalid == false, keys[id]?.isSuspect == false {
                keys[id]?.isSuspect = true
                keys[id]?.firstRejection = nil
            }
        case .rejected: break
        case .rateLimited, .creditsOut, .keyLimit, .inFlightBudget:
            rest(id, model, verdict, at: now)
        case .upstreamError, .unreachable, .slow, .truncated, .malformed, .edge:
            guard verdict.scope != .request else { return }
            failed(id, model, isTrial: isTrial, isEvidence: verdict.cause != .edge, at: now)
        }
    }

    private mutating func rest(_ id: KeyID, _ model: String?, _ verdict: Verdict, at now: Int64) {
        let own = model ?? ":none"
        switch verdict.scope {
        case .key: add(to: id, nil, nil, false, verdict, now)
        case .modelAtKey: add(to: id, nil, own, false, verdict, now)
        case .modelAtAccount: add(to: id, keys[id]?.account, own, true, verdict, now)
        case .account:
            let account = keys[id]?.account
            if verdict.cause == .rateLimited {
                add(to: id, account, ":free", true, verdict, now)
                if !(model.map(Self.isFree) ?? false) { add(to: id, nil, own, false, verdict, now) }
            } else {
                add(to: id, account, model.map(Self.isFree) == false ? ":paid" : nil, true, verdict, now)
            }
        default: break
        }
    }

    private mutating func add(
        to id: KeyID, _ account: String?, _ model: String?, _ isAccounts: Bool, _ verdict: Verdict,
        _ now: Int64
    ) {
        var rests = account.map { accountRests[$0] ?? [] } ?? keys[id]?.rests ?? []
        let known = rests.firstIndex {
            $0.model == model && $0.cause == verdict.cause && $0.isAccounts == isAccounts
        }
        var rest =
            known.map { rests[$0] }
            ?? Rest(isAccounts: isAccounts, model: model, cause: verdict.cause, least: now, most: now)
        if let stated = verdict.statedUntil?.milliseconds, stated - now <= 32 * 86_400_000 {
            let end = max(stated, now + 1000) + (fault == .statedEndsLate ? 10_000 : 0)
            rest.least = max(rest.least, end)
            rest.most = max(rest.most, end)
        } else if rest.most <= now {
            rest.least = now + 60_000
            rest.most = now + 3_600_000
        } else if rest.least <= now {
            rest.most = max(rest.most, now + 3_600_000)
        }
        if let known { rests[known] = rest } else { rests.append(rest) }
        if let account { accountRests[account] = rests } else { keys[id]?.rests = rests }
    }

    mutating func succeeded(_ id: KeyID, _ model: String?, isTrial: Bool, at now: Int64) {
        log.append(Event(key: id, model: model, isSuccess: true))
        successes.append((id, now))
        keys[id]?.runStart = log.count
        if isTrial {
            keys[id]?.brokenUntil = nil
            keys[id]?.trialFailures = 0
        }
    }

    private mutating func failed(
        _ id: KeyID, _ model: String?, isTrial: Bool, isEvidence: Bool, at now: Int64
    ) {
        if isTrial {
            breakKey(id, at: now)
        } else if isEvidence, keys[id]?.brokenUntil == nil {
            log.append(Event(key: id, model: model, isSuccess: false))
            if run(of: id, on: model) >= (fault == .breaksLate ? 6 : 5) { breakKey(id, at: now) }
        }
    }

    private mutating func breakKey(_ id: KeyID, at now: Int64) {
        let failures = keys[id]?.trialFailures ?? 0
        keys[id]?.brokenUntil = now + min(60_000 << Int64(min(failures, 10)), 3_600_000)
        keys[id]?.trialFailures = failures + 1
        keys[id]?.runStart = log.count
    }

    private func run(of id: KeyID, on model: String?) -> Int {
        var count = 0
        var isSupported = true
        for event in log[(keys[id]?.runStart ?? 0)...] where event.model == model {
            if event.isSuccess {
                if event.key != id { isSupported = true }
            } else if event.key == id, isSupported || count == 0 {
                count += 1
                isSupported = false
            }
        }
        return count
    }

    mutating func checked(_ id: KeyID, valid: Bool, at now: Int64) {
        guard var key = keys[id] else { return }
        if valid {
            successes.append((id, now))
            key.isSuspect = false
            key.isInvalid = false
        } else if !key.isInvalid {
            key.isSuspect = true
            if let first = key.firstRejection {
                if now - first >= 600_000, successes.contains(where: { $0.key != id && $0.at > first }) {
                    key.isInvalid = true
                    key.isSuspect = false
                }
            } else {
                key.firstRejection = now
            }
        }
        keys[id] = key
    }

    mutating func reset(_ id: KeyID) {
        guard var key = keys[id] else { return }
        key.rests = []
        key.isSuspect = false
        key.isInvalid = false
        key.brokenUntil = nil
        key.trialFailures = 0
        key.isEvidenceLost = false
        key.runStart = log.count
        if let account = key.account { accountRests[account] = [] }
        keys[id] = key
    }

    /// The daemon died: leases and evidence are gone, states are not.
    mutating func restarted() {
        log = []
        for id in keys.keys {
            keys[id]?.inFlight = 0
            keys[id]?.trialsRunning = 0
            keys[id]?.runStart = 0
            // Which other credentials worked meanwhile is on disk in part only.
            if keys[id]?.isSuspect == true { keys[id]?.isEvidenceLost = true }
        }
    }
}
