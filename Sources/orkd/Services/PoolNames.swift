import NIOConcurrencyHelpers
import ORKit

/// What the pools are called, for whoever shows a key: a list of keys must
/// not ask the store about each.
final class PoolNames: Sendable {
    private let names = NIOLockedValueBox<[PoolID: String]>([:])

    func adopt(_ rows: [PoolRow]) {
        let names = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.name) })
        self.names.withLockedValue { $0 = names }
    }

    subscript(pool: PoolID) -> String { names.withLockedValue { $0[pool] } ?? String(pool.raw) }
}
