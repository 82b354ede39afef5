import ORKit

/// Something for every key of a small pool, found by id without hashing; ids
/// are small and rise.
struct KeyTable<Value> {
    /// In rising order.
    private(set) var ids: [KeyID] = []
    private var values: [Value?] = []

    subscript(id: KeyID) -> Value? {
        _read {
            let place = Int(id.raw)
            if place < values.count { yield values[place] } else { yield nil }
        }
        _modify {
            let place = Int(id.raw)
            while values.count <= place { values.append(nil) }
            let was = values[place] != nil
            yield &values[place]
            if was != (values[place] != nil) { list(id, !was) }
        }
    }

    private mutating func list(_ id: KeyID, _ isThere: Bool) {
        let place = ids.firstIndex { $0 >= id } ?? ids.count
        if isThere { ids.insert(id, at: place) } else { ids.remove(at: place) }
    }
}
