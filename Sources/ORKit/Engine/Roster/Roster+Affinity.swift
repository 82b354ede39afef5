// The way from a conversation to its key (ruling 16).

extension Roster {
    private static let tries = 16
    /// Steps over places that hold no key are not tries, and not endless.
    private static let steps = 64

    /// Walks over the slots from a start that the conversation's digest gives.
    /// The first key on the way is the conversation's home; when it cannot
    /// serve, the other keys of its account come next, because what the
    /// upstream remembers of a conversation belongs to the account. It needs
    /// no memory: when the home is back, so is the conversation.
    ///
    /// - Returns: nil after 16 tries, or when a better priority is open
    ///   elsewhere.
    ///
    /// - Parameter accounts: places of each account's keys, of whatever pool.
    func home(
        _ digest: UInt64, in slots: Slots, accounts: [String: [Int]], where fits: (Int) -> Bool
    ) -> Int? {
        guard let best = base.bestPriority else { return nil }
        func serves(_ place: Int) -> Bool {
            base.contains(place) && slots[place].rank == best && fits(place)
        }
        var tried = 0
        var isHome = true
        for step in 0..<UInt64(Self.steps) {
            let place = Self.place(digest &+ step, of: slots.count)
            guard place < slots.count, slots[place].live, slots[place].pool == record.id,
                slots[place].rank == best
            else { continue }
            if serves(place) { return place }
            tried += 1
            if isHome, let account = slots[place].account, let members = accounts[account] {
                let start = Int(truncatingIfNeeded: digest >> 40)
                for i in 0..<min(members.count, Self.tries / 2) {
                    let member = members[(start + i) % members.count]
                    if member != place, serves(member) { return member }
                    tried += 1
                }
            }
            isHome = false
            if tried >= Self.tries { break }
        }
        return nil
    }

    /// Scatters over a power of two, so that a new key moves few
    /// conversations.
    private static func place(_ seed: UInt64, of count: Int) -> Int {
        var mix = seed &* 0x9E37_79B9_7F4A_7C15
        mix ^= mix >> 32
        let bits = max(1, Int.bitWidth - max(count - 1, 1).leadingZeroBitCount)
        return Int(truncatingIfNeeded: mix & (1 << UInt64(bits) - 1))
    }
}
