/// Meters by the places of their keys, in many small tables: one that grows is
/// rebuilt, and with a quota on each of 100,000 keys every request would wait.
struct Meters: Sendable {
    static let pieces = 256
    private var tables = [[Int: Meter]](repeating: [:], count: Meters.pieces)

    subscript(place: Int) -> Meter? {
        get { tables[place & 255][place] }
        _modify { yield &tables[place & 255][place] }
    }

    /// Those of one table, by place.
    func piece(_ number: Int) -> [Int: Meter] { tables[number & 255] }
}

/// A key's quota and what was used of it. Keys without a quota have none and
/// pay for none: `KeySlot.isMetered` says which is which.
struct Meter: Sendable {
    let quota: Quota
    private(set) var use: QuotaUse
    /// As last looked at.
    private(set) var capacity = Capacity.abundant
    var isDirty = false

    init(_ quota: Quota, _ use: QuotaUse) {
        self.quota = quota
        self.use = use
    }

    /// What a look brought to light.
    struct Look {
        let before: Capacity
        let standing: QuotaStanding
        /// Requests at once that what is left of the tokens will do for, by
        /// what requests cost lately (ruling 22).
        let room: Int
    }

    mutating func countRequest(at now: WallTime) { use.countRequest(in: quota.window, at: now) }

    mutating func countTokens(_ tokens: Int64, at now: WallTime) {
        use.countTokens(tokens, in: quota.window, at: now)
    }

    mutating func look(at now: WallTime) -> Look {
        use.roll(in: quota.window, at: now)
        let standing = QuotaStanding(quota, use, at: now)
        use.phase = standing.phase
        let before = capacity
        capacity = standing.capacity
        return Look(before: before, standing: standing, room: room(standing))
    }

    private func room(_ standing: QuotaStanding) -> Int {
        guard let left = standing.tokensLeft, use.tokensEach >= 1 else { return .max }
        return max(1, Int(exactly: (Double(left) / use.tokensEach).rounded(.down)) ?? .max)
    }

    /// When it changes by itself; nil: there is nothing to come back.
    func change(at now: WallTime) -> Int64? {
        guard capacity != .abundant else { return nil }
        return QuotaStanding(quota, use, at: now).change?.milliseconds
    }
}
