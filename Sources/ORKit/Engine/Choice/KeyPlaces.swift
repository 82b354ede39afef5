/// Where each key has its place, in many small tables: a table is rebuilt when
/// it grows, and one of 100,000 entries would keep every request waiting.
struct KeyPlaces: Sendable {
    private var shards: [[KeyID: Int]] = Array(repeating: [:], count: 64)
    private(set) var count = 0

    subscript(key: KeyID) -> Int? {
        get { shards[Self.shard(of: key)][key] }
        set {
            let before = shards[Self.shard(of: key)].updateOrRemove(newValue, for: key)
            count += (newValue == nil ? 0 : 1) - (before ? 1 : 0)
        }
    }

    /// Ids are given out in turn, so their lowest bits are even enough.
    private static func shard(of key: KeyID) -> Int { Int(truncatingIfNeeded: key.raw & 63) }
}

extension Dictionary {
    /// - Returns: whether there was a value before.
    fileprivate mutating func updateOrRemove(_ value: Value?, for key: Key) -> Bool {
        guard let value else { return removeValue(forKey: key) != nil }
        return updateValue(value, forKey: key) != nil
    }
}
