/// Meters by the row ids of their owners, in many small tables: one that grows
/// is rebuilt, and with a limit on each of 100,000 users every request would
/// wait.
struct LimitMeters: Sendable {
    private static let pieces = 256
    private var tables = [[Int64: LimitMeter]](repeating: [:], count: LimitMeters.pieces)
    private(set) var isEmpty = true

    /// Where a meter lies until the next one is set or removed.
    struct Place {
        fileprivate let table: Int
        fileprivate let index: Dictionary<Int64, LimitMeter>.Index
    }

    func place(of raw: Int64) -> Place? {
        guard !isEmpty else { return nil }
        let table = Self.table(of: raw)
        return tables[table].index(forKey: raw).map { Place(table: table, index: $0) }
    }

    subscript(place: Place) -> LimitMeter {
        get { tables[place.table].values[place.index] }
        _modify { yield &tables[place.table].values[place.index] }
    }

    subscript(raw: Int64) -> LimitMeter? { tables[Self.table(of: raw)][raw] }

    mutating func set(_ record: LimitRecord, for raw: Int64, born: Int64) {
        isEmpty = false
        if let place = place(of: raw) {
            self[place].adopt(record)
        } else {
            tables[Self.table(of: raw)][raw] = LimitMeter(record, born: born)
        }
    }

    mutating func remove(_ raw: Int64) {
        tables[Self.table(of: raw)][raw] = nil
        isEmpty = tables.allSatisfy(\.isEmpty)
    }

    private static func table(of raw: Int64) -> Int { Int(truncatingIfNeeded: raw) & (pieces - 1) }
}
