import ORKit
import Synchronization

/// The one place where the pool's decisions meet the threads of the daemon: a
/// mutex around the engine and its chance.
///
/// What the engine wants done comes back as effects and is carried out after
/// the lock is given back. Nothing that waits may be called inside.
final class EngineBox: Sendable {
    private struct Guarded {
        var engine: Engine
        var rng: SeededGenerator
    }

    private let guarded: Mutex<Guarded>

    /// - Parameter seed: of the choices between keys; by default another one
    ///   at every start.
    init(_ engine: Engine, seed: UInt64 = SystemRandomNumberGenerator.seed()) {
        guarded = Mutex(Guarded(engine: engine, rng: SeededGenerator(seed: seed)))
    }

    /// Runs one decision under the lock.
    func decide<Answer: Sendable>(_ body: (inout Engine, inout SeededGenerator) -> Answer) -> Answer {
        guarded.withLock { body(&$0.engine, &$0.rng) }
    }
}

extension SystemRandomNumberGenerator {
    fileprivate static func seed() -> UInt64 {
        var source = SystemRandomNumberGenerator()
        return source.next()
    }
}
