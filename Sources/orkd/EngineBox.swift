import NIOConcurrencyHelpers
import ORKit
import Synchronization

/// The one place where the pool's decisions meet the threads of the daemon: a
/// mutex around the engine and its chance.
///
/// What the engine wants done comes back as effects and is carried out after
/// the lock is given back. Nothing that waits may be called inside.
///
/// Like every lock of orkd it is swift-nio's, round a pthread mutex: of the
/// standard library's, ThreadSanitizer does not see on Linux that a thread
/// that had to wait for it comes after the one before, and reports a race.
final class EngineBox: Sendable {
    private struct Guarded {
        var engine: Engine
        var rng: SeededGenerator
    }

    private let guarded: NIOLockedValueBox<Guarded>
    private let isWatching = Atomic<Bool>(false)

    /// - Parameter seed: of the choices between keys; by default another one
    ///   at every start.
    init(_ engine: Engine, seed: UInt64 = SystemRandomNumberGenerator.seed()) {
        guarded = NIOLockedValueBox(Guarded(engine: engine, rng: SeededGenerator(seed: seed)))
    }

    /// Whether the engine must hear of good answers too. Without the lock: it
    /// is asked once a request.
    var awaitsGoodNews: Bool { isWatching.load(ordering: .relaxed) }

    /// Runs one decision under the lock.
    func decide<Answer: Sendable>(_ body: (inout Engine, inout SeededGenerator) -> Answer) -> Answer {
        guarded.withLockedValue { guarded in
            let answer = body(&guarded.engine, &guarded.rng)
            let awaits = guarded.engine.awaitsGoodNews
            if awaits != isWatching.load(ordering: .relaxed) { isWatching.store(awaits, ordering: .relaxed) }
            return answer
        }
    }
}

extension SystemRandomNumberGenerator {
    fileprivate static func seed() -> UInt64 {
        var source = SystemRandomNumberGenerator()
        return source.next()
    }
}
