/// What settlements add up to, those together that agree in everything a sum
/// is kept by: most of a moment do.
struct SettledSums: Sendable {
    /// In what they agree.
    struct Alike: Hashable {
        var user: UserID
        var client: ClientID
        var key: KeyID?
        /// Nil also where nobody said what it used.
        var model: String?
        /// Since 1970, UTC.
        var hour: Int64
    }

    struct Entry {
        var alike: Alike
        var sum: UsageSum
        var last: WallTime
    }

    private(set) var entries: [Entry] = []
    /// Where each is in `entries`.
    private var places: [Alike: Int] = [:]
    /// Where one like it was found before. Only a guess, which spares most
    /// settlements the look-up with all fields in the hash; where it is wrong
    /// they are looked up.
    private var guesses: [Int] = []
    private static let guessBits = 8

    mutating func add(_ sum: UsageSum, to alike: Alike, at time: WallTime) {
        let place = place(of: alike, at: time)
        entries[place].sum.add(sum)
        entries[place].last = max(entries[place].last, time)
    }

    /// Where it is; it has a place from here on.
    private mutating func place(of alike: Alike, at time: WallTime) -> Int {
        if guesses.isEmpty { guesses = Array(repeating: 0, count: 1 << Self.guessBits) }
        let guess = Self.guess(alike)
        let guessed = guesses[guess]
        if guessed < entries.count, entries[guessed].alike == alike { return guessed }
        let place = places[alike] ?? entries.count
        if place == entries.count {
            entries.append(Entry(alike: alike, sum: UsageSum(), last: time))
            places[alike] = place
        }
        guesses[guess] = place
        return place
    }

    private static func guess(_ alike: Alike) -> Int {
        // Of a name no more than costs nothing to read.
        let model = alike.model?.utf8.withContiguousStorageIfAvailable { name in
            Int64(name.count) << 8 | Int64(name.last ?? 0)
        }
        let (client, key) = (alike.client.raw &* 31, (alike.key?.raw ?? 0) &* 1021)
        let mixed = alike.user.raw &+ client &+ key &+ (model ?? 0) &* 8191
        let spread = UInt64(bitPattern: mixed) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: spread >> UInt64(64 - guessBits))
    }
}
