import Synchronization

/// Whether what the data path leaves behind can be written down. Set by
/// whoever hears the store, read at every admission (ruling 27).
final class StoreHealth: Sendable {
    private let isDown = Atomic<Bool>(false)

    var isWritable: Bool { !isDown.load(ordering: .relaxed) }

    func report(writable: Bool) { isDown.store(!writable, ordering: .relaxed) }
}
