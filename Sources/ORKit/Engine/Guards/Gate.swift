// Guards: what keeps one failure from being held against many keys, and many keys from being lost to one.
// Here: gates before what everybody shares, bursts of equal failures, the floor's arithmetic.
// Not here: what a verdict proves about one key (Engine+Marks). Imports nothing.

/// A stop before something that every key shares and that fails at present:
/// the way to the upstream, the upstream itself, one model there.
///
/// While it rests nothing is tried; then one request at a time shows whether
/// it is over (half-open). A good answer opens it for all.
struct Gate: Sendable {
    /// `model@provider`, `provider` or `network`.
    let scope: FailureScope
    /// For `model@provider`; nil where requests name no model.
    let model: String?
    /// What callers are told.
    var verdict: Verdict
    var until: WallTime
    /// How often in a row it has closed: the next rest is twice as long.
    var closings: Int
    /// Leases up to this ticket began before it closed and say nothing of
    /// what is behind it now.
    var since: Int64
    /// Ticket of the request that is trying it.
    var probe: Int64?
    /// Set when equal failures of many accounts closed it (ruling 12): what
    /// they were taken for ends by itself.
    var expires: WallTime?

    /// Money is missing for paid models alone.
    var isPaidOnly = false

    var isPromotion: Bool { expires != nil }

    func covers(_ ask: Ask) -> Bool {
        (scope != .modelAtProvider || model == ask.model)
            && !(isPaidOnly && ask.restClass != Rest.paidClass)
    }

    func isAbout(_ scope: FailureScope, _ model: String?) -> Bool {
        self.scope == scope && (scope != .modelAtProvider || self.model == model)
    }

    func rests(at now: WallTime) -> Bool { until > now }
}

/// Failures in a row of something that every key shares, without any success
/// between.
struct Streak: Sendable {
    let scope: FailureScope
    let model: String?
    var count: Int

    func isAbout(_ scope: FailureScope, _ model: String?) -> Bool {
        self.scope == scope && (scope != .modelAtProvider || self.model == model)
    }
}

/// All gates and what may become one. Empty while all is well: then nobody
/// pays for it.
struct Gates: Sendable {
    /// More at once than this: the oldest goes.
    private static let capacity = 16

    var closed: [Gate] = []
    private(set) var streaks: [Streak] = []

    var isIdle: Bool { closed.isEmpty && streaks.isEmpty }

    /// What stands before a request on that model: the gate that rests
    /// longest, or one that is being tried.
    func obstacle(_ ask: Ask, at now: WallTime) -> Gate? {
        closed.filter { $0.covers(ask) && ($0.rests(at: now) || $0.probe != nil) }
            .max { $0.until < $1.until }
    }

    /// The lease goes through half-open gates: it is their probe.
    mutating func pass(_ ask: Ask, _ ticket: Int64) {
        for i in closed.indices where closed[i].covers(ask) { closed[i].probe = ticket }
    }

    mutating func leave(_ ticket: Int64) {
        for i in closed.indices where closed[i].probe == ticket { closed[i].probe = nil }
    }

    /// A good head came for a lease. Without a model it may have been a
    /// listing, which asks nobody for a key or for money.
    mutating func succeeded(_ ask: Ask, _ ticket: Int64) {
        func isProof(for scope: FailureScope, _ model: String?) -> Bool {
            scope == .modelAtProvider ? model == ask.model : scope == .network || ask.model != nil
        }
        streaks.removeAll { isProof(for: $0.scope, $0.model) }
        closed.removeAll { isProof(for: $0.scope, $0.model) && $0.covers(ask) && ticket > $0.since }
    }

    /// The upstream spoke, though not well: there is a way to it. What equal
    /// failures of many accounts have closed was closed by such words, and
    /// needs a good one.
    mutating func answered(_ ticket: Int64) {
        streaks.removeAll { $0.scope == .network }
        closed.removeAll { $0.scope == .network && !$0.isPromotion && ticket > $0.since }
    }

    /// - Returns: how long the row is now.
    mutating func count(_ scope: FailureScope, _ model: String?) -> Int {
        if let known = streaks.firstIndex(where: { $0.isAbout(scope, model) }) {
            streaks[known].count += 1
            return streaks[known].count
        }
        if streaks.count == Self.capacity { streaks.removeFirst() }
        streaks.append(Streak(scope: scope, model: scope == .modelAtProvider ? model : nil, count: 1))
        return 1
    }

    mutating func close(_ gate: Gate) {
        streaks.removeAll { $0.isAbout(gate.scope, gate.model) }
        closed.removeAll { $0.isAbout(gate.scope, gate.model) && $0.isPromotion == gate.isPromotion }
        if closed.count == Self.capacity { closed.removeFirst() }
        closed.append(gate)
    }

    /// A promotion that has lasted long enough is forgotten.
    mutating func expire(at now: WallTime) {
        closed.removeAll { $0.expires.map { $0 <= now } ?? false }
    }
}
