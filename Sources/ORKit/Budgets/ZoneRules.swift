/// What the clocks of a time zone show: seconds ahead of UTC, from when on.
/// Read from a file of the zone database (RFC 9636), which nobody need trust.
public struct ZoneRules: Sendable {
    /// Seconds since 1970, rising.
    private let changes: [Int64]
    /// Before the first change, then after each.
    private let offsets: [Int64]

    public static let utc = ZoneRules(changes: [], offsets: [0])

    private init(changes: [Int64], offsets: [Int64]) {
        self.changes = changes
        self.offsets = offsets
    }

    /// The zone changes no more after this year, whatever its rule says.
    private static let lastYear: Int64 = 2200
    private static let firstYear: Int64 = 1970
    private static let farthest: Int64 = 26 * 3600

    /// Nil where the bytes are no such file, or say what no clock shows.
    public init?(_ file: [UInt8]) {
        var reader = ZoneReader(file)
        // The first part holds what fits 32 bits; the second holds all.
        guard let old = reader.header(), old.version >= 2, reader.skip(old.length(ofTime: 4)),
            let head = reader.header(), let table = reader.table(head), let footer = reader.footer()
        else { return nil }
        var changes = table.changes
        var offsets = table.offsets
        if !footer.isEmpty {
            guard let rule = ZoneRule(footer) else { return nil }
            let last = changes.last ?? .min
            var year = Self.firstYear
            if let last = changes.last {
                year = max(year, CivilDate(daysSince1970: last.floored(by: 86_400)).year)
            }
            // Both of a year are in it: those that lie before the table's end are not used.
            while year <= Self.lastYear {
                for change in rule.changes(in: year) where change.at > last {
                    changes.append(change.at)
                    offsets.append(change.offset)
                }
                year += 1
            }
        }
        guard offsets.allSatisfy({ abs($0) <= Self.farthest }),
            zip(changes, changes.dropFirst()).allSatisfy(<)
        else { return nil }
        self.init(changes: changes, offsets: offsets)
    }

    /// Seconds ahead of UTC at that time.
    func offset(at seconds: Int64) -> Int64 { offsets[place(of: seconds)] }

    /// How many changes lie at or before it.
    private func place(of seconds: Int64) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The first moment at which its clocks show that time or a later one: a
    /// midnight that is skipped is over when it would have been, one that
    /// comes twice is the first.
    func first(showing local: Int64) -> Int64 {
        let around = place(of: local - Self.farthest)...place(of: local + Self.farthest)
        let candidates =
            around.map { local - offsets[$0] } + around.dropFirst().map { changes[$0 - 1] }
        return candidates.filter { $0 + offset(at: $0) >= local }.min() ?? local - offset(at: local)
    }
}
