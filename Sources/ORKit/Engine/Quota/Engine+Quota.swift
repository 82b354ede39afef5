/// Quotas that operators set (QA rows). A spent one is a rest like those that
/// the upstream states, so whatever knows about rests knows about it; a scarce
/// one puts its key behind the others of its pool.
extension Engine {
    /// Gives the key the quota that its record names. What was used stays,
    /// unless it was counted over another time.
    mutating func setQuota(
        _ quota: Quota?, use: QuotaUse? = nil, of place: Int, _ trigger: String, at now: WallTime,
        effects: inout [Effect]
    ) {
        let known = pool.meters[place]
        guard let quota else {
            guard known != nil || pool.slots[place].facts.rests.contains(where: \.isQuota) else { return }
            pool.meters[place] = nil
            pool.slots[place].isMetered = false
            pool.slots[place].isScarce = false
            pool.slots[place].room = .max
            pool.slots[place].facts.rests.removeAll(where: \.isQuota)
            keep(place, trigger: trigger, evidence: nil, at: now, effects: &effects)
            return
        }
        guard known?.quota != quota else { return }
        pool.meters[place] = Meter(quota, use ?? known?.use ?? QuotaUse())
        pool.slots[place].isMetered = true
        assess(place, trigger, at: now, isNew: true, effects: &effects)
    }

    /// A request was sent with a key that has a quota.
    mutating func meterRequest(_ place: Int, at now: WallTime) {
        pool.meters[place]?.countRequest(at: now)
        pool.markMeterDirty(place)
        var effects: [Effect] = []
        assess(place, Rule.quotaSpent, at: now, effects: &effects)
        if !effects.isEmpty { owed += effects }
    }

    mutating func meterTokens(_ place: Int, _ tokens: Int64, at now: WallTime, effects: inout [Effect]) {
        pool.meters[place]?.countTokens(tokens, at: now)
        pool.markMeterDirty(place)
        assess(place, Rule.quotaSpent, at: now, effects: &effects)
    }

    /// Time may have given something back.
    mutating func wakeMeter(_ place: Int, at now: WallTime) {
        var effects: [Effect] = []
        assess(place, "quota-reset", at: now, effects: &effects)
        owed += effects
    }

    /// Makes the key's rest, its place among the others and its room agree
    /// with what is left.
    ///
    /// - Parameter isNew: nothing was known before: no news for events.
    mutating func assess(
        _ place: Int, _ trigger: String, at now: WallTime, isNew: Bool = false, effects: inout [Effect]
    ) {
        guard let look = pool.meters[place]?.look(at: now) else { return }
        let (key, standing) = (pool.slots[place].id, look.standing)
        let wasFull = pool.slots[place].isFull
        pool.slots[place].room = look.room
        pool.slots[place].isScarce = standing.capacity.isScarce
        let restIsNew = setQuotaRest(place, standing, at: now)
        if look.before != standing.capacity, !isNew {
            effects.append(
                .capacity(
                    key,
                    CapacityChange(
                        at: now, from: look.before, to: standing.capacity, text: standing.text,
                        until: standing.reset)))
        }
        guard restIsNew || isNew || look.before != standing.capacity || wasFull != pool.slots[place].isFull
        else { return }
        if restIsNew {
            effects.append(.keepFacts(key, pool.slots[place].facts))
            if let use = pool.meters[place]?.use { effects.append(.keepUse(key, use)) }
        }
        let isBack = restIsNew && standing.back == nil
        refresh(
            place, trigger: isBack && trigger == Rule.quotaSpent ? "quota-reset" : trigger,
            evidence: standing.text, at: now, effects: &effects)
    }

    /// - Returns: whether anything changed.
    private mutating func setQuotaRest(_ place: Int, _ standing: QuotaStanding, at now: WallTime) -> Bool {
        let known = pool.slots[place].facts.rests.first(where: \.isQuota)
        guard known?.untilMilliseconds != standing.back?.milliseconds else { return false }
        pool.slots[place].facts.rests.removeAll(where: \.isQuota)
        if let back = standing.back {
            pool.slots[place].facts.rests.append(
                Rest(
                    scope: .key, model: nil, cause: .quotaSpent, until: back, since: now, stated: true,
                    guesses: 0, rule: Rule.quotaSpent, evidence: standing.text))
        }
        return true
    }

    /// The quotas of keys that may serve come in so many pieces, so that nobody
    /// who wants all of them holds the lock for long.
    public static let quotaPieces = Meters.pieces

    public func quotas(inPiece number: Int) -> [PoolQuota] {
        pool.meters.piece(number).compactMap { place, meter in
            guard pool.slots[place].mayServe else { return nil }
            return PoolQuota(pool: pool.slots[place].pool, quota: meter.quota, use: meter.use)
        }
    }

    /// What was counted since it was last taken, at most `limit` keys: for a
    /// lazy flush.
    public mutating func takeUses(limit: Int) -> [(KeyID, QuotaUse)] { pool.takeUses(limit: limit) }
}

/// The quota of a key, and the pool that it is in.
public struct PoolQuota: Sendable {
    public let pool: PoolID
    public let quota: Quota
    public let use: QuotaUse
}

extension KeySlot {
    /// Nobody has taken it out: what it rests for passes.
    fileprivate var mayServe: Bool { live && enabled && served && facts.invalidSince == nil }
}

extension Rule {
    static let quotaSpent = "quota-spent"
}

extension Rest {
    /// An operator's quota is used up: nothing that a verdict proved.
    package var isQuota: Bool { cause == Cause.quotaSpent.rawValue }
}

extension Pool {
    /// When the key may change by itself.
    func nextChange(_ place: Int, _ condition: KeyCondition, at now: WallTime) -> Int64? {
        guard slots[place].isMetered, let due = meters[place]?.change(at: now) else {
            return condition.nextChange
        }
        return min(due, condition.nextChange ?? due)
    }

    mutating func markMeterDirty(_ place: Int) {
        guard meters[place]?.isDirty == false else { return }
        meters[place]?.isDirty = true
        dirtyMeters.append(Int32(place))
    }

    mutating func takeUses(limit: Int) -> [(KeyID, QuotaUse)] {
        let taken = dirtyMeters.prefix(max(0, limit))
        dirtyMeters.removeFirst(taken.count)
        return taken.compactMap { place in
            guard let use = meters[Int(place)]?.use else { return nil }
            meters[Int(place)]?.isDirty = false
            return (slots[Int(place)].id, use)
        }
    }
}
