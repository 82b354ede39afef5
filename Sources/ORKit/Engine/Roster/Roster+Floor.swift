// The floor (ruling 13): what automation guessed never keeps more than a share
// of a pool's keys out, and never the last.

extension Roster {
    /// Puts the key where it stands towards the floor.
    mutating func doubt(_ place: Int, _ condition: KeyCondition, in slots: inout Slots) {
        let isIn = slots[place].enabled && slots[place].served
        recount(place, isIn: isIn, isDead: isIn && slots[place].facts.invalidSince != nil, in: &slots)
        guard condition.isGuessedOut else {
            guard slots[place].isSpared || guessedOut.contains(place) else { return }
            slots[place].isSpared = false
            guessedOut.remove(place)
            spared.remove(place)
            lastResort.remove(place)
            return
        }
        let since = slots[place].doubtedSince
        let id = slots[place].id.raw
        guard slots[place].isSpared else {
            spared.remove(place)
            lastResort.remove(place)
            guessedOut.set(place, stamp: since == .min ? .max : -since, id: -id)
            return
        }
        guessedOut.remove(place)
        spared.set(place, stamp: since, id: id)
        if !condition.isLastResort {
            lastResort.remove(place)
        } else if !lastResort.contains(place) {
            lastResort.set(place, stamp: slots[place].stamp, id: id)
        }
    }

    mutating func recount(_ place: Int, isIn: Bool, isDead: Bool, in slots: inout Slots) {
        inService += (isIn ? 1 : 0) - (slots[place].isCounted ? 1 : 0)
        deadOut += (isDead ? 1 : 0) - (slots[place].isCountedDead ? 1 : 0)
        slots[place].isCounted = isIn
        slots[place].isCountedDead = isDead
    }

    /// How many keys automation may keep out.
    private var allowedOut: Int {
        let (product, overflow) = inService.multipliedReportingOverflow(by: floorShare)
        return max(0, min(overflow ? inService : product / 1000, inService - 1))
    }

    /// The key that has to be spared, the latest first, or need not be any
    /// more, the earliest first. Confirmed dead ones count, and stay out.
    var misplaced: (place: Int, isSpared: Bool)? {
        let out = guessedOut.count + deadOut
        if out > allowedOut { return guessedOut.minimum.map { (Int($0.slot), true) } }
        if out < allowedOut { return spared.minimum.map { (Int($0.slot), false) } }
        return nil
    }
}

extension KeySlot {
    fileprivate var doubtedSince: Int64 { (facts.brokenSince ?? facts.suspectSince)?.milliseconds ?? 0 }
}
