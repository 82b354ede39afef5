/// A key's place in the pool: what the operator said, what was learnt, and
/// what is true only while the daemon runs.
struct KeySlot: Sendable {
    var id: KeyID
    var secret: Secret
    var provider: String
    var account: String?
    var pool: PoolID
    var weight: Int
    var priority: Int
    /// 0: no bound.
    var maxInFlight: Int
    var enabled: Bool
    /// Whether its provider is the one the pool serves.
    var served: Bool
    var facts: KeyFacts

    /// False: the place is free.
    var live = true
    /// Leases with an older ticket belong to somebody who was here before.
    var born: Int64
    /// Leases up to this ticket were of another secret, perhaps of another
    /// account.
    var secretSince: Int64 = 0
    var inFlight = 0
    var isTrialRunning = false
    /// Has a quota: see `Pool.meters`.
    var isMetered = false
    /// Little is left of it.
    var isScarce = false
    /// A budget of its own is spent.
    var overspent: Overspent?
    /// Requests at once that what is left of its tokens will do for.
    var room = Int.max
    /// Guessed to be bad, but the floor is reached: serves when nobody else
    /// can.
    var isSpared = false
    /// As last counted, for the floor.
    var isCounted = false
    var isCountedDead = false
    var isDirty = false
    /// Place in the strategy's order; smaller is chosen sooner.
    var stamp: Int64 = 0
    /// Thousandths of the late answers that were good, newer ones counting
    /// more.
    var health = 1000
    /// Answers that refused it for its rate, its money or itself, and those
    /// that broke off.
    var refusals = LateShare()
    var breaks = LateShare()
    var price = LatePrice()
    /// As last looked at: may be leased, for some model at least.
    var isOpen = false
    /// As what its pool counts it among those that are not open.
    var closedAs: KeyState?
    /// As last looked at; time may have moved on since.
    var state = KeyState.usable
    /// Models and classes with a rest, as last looked at.
    var restingModels: [String] = []
    var runs: [FailureRun] = []

    init(_ record: KeyRecord, served: Bool, born: Int64) {
        id = record.id
        secret = record.secret
        provider = record.provider
        account = record.account
        pool = record.pool
        weight = min(max(record.weight, 1), 1000)
        priority = min(max(record.priority, 0), 9)
        maxInFlight = max(record.maxInFlight, 0)
        enabled = record.enabled
        facts = record.facts
        self.served = served
        self.born = born
    }

    var isFull: Bool { (maxInFlight > 0 && inFlight >= maxInFlight) || inFlight >= room }

    /// A key with little left of its quota serves when no other can.
    var rank: Int { isScarce ? priority + 10 : priority }

    /// Its share of what is drawn by health: a key that fails half of the time
    /// gets a fifth of what a sound one gets.
    var healthyWeight: Int { max(1, weight * health * health / 1000) }

    /// Whether a rest keeps an otherwise open key from this request. None does
    /// while `restingModels` is empty.
    func rests(for ask: Ask, at now: WallTime) -> Bool {
        let restClass = ask.restClass
        return facts.rests.contains {
            $0.model != nil && $0.isActive(at: now) && $0.covers(ask.model, class: restClass)
        }
    }
}
