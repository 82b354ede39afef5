import ORKit

// What the daemon does with keys by itself at start.

extension KeysService {
    /// Gives the engine every key of the store.
    func load() throws {
        let records = try store.loadKeys()
        let now = clock()
        box.change { engine, _, effects in effects += engine.apply(.add(records), at: now) }
    }
}
