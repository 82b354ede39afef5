import ORKit

// What the daemon does with keys by itself at start.

extension KeysService {
    /// Gives the engine every pool of the store, then every key: keys of a
    /// pool that it does not know go to the first.
    func load() throws {
        let pools = try store.loadPools()
        poolNames.adopt(pools)
        let records = try store.loadKeys()
        let now = clock()
        box.change { engine, _, effects in
            for pool in pools { effects += engine.apply(.pool(pool.record), at: now) }
            effects += engine.apply(.add(records), at: now)
        }
    }
}
