import NIOConcurrencyHelpers
import ORKit
import Synchronization

/// The one place where the pool's decisions meet the threads of the daemon: a
/// mutex around the engine and its chance.
///
/// What the engine wants kept comes back as effects and is handed over after
/// the lock is given back, in the order in which it was decided: of two facts
/// about one key the later must be the one that stays. Nothing that waits may
/// be called inside.
///
/// Like every lock of orkd it is swift-nio's, round a pthread mutex: of the
/// standard library's, ThreadSanitizer does not see on Linux that a thread
/// that had to wait for it comes after the one before, and reports a race.
final class EngineBox: Sendable {
    /// Takes over what decisions want kept, one after the other; must not
    /// block. The request is the one whose answer brought it about, if any.
    typealias Keeper = @Sendable ([Effect], RequestID?) -> Void

    struct Guarded {
        var engine: Engine
        var rng: SeededGenerator
        var limits: Limits
        var budgets = Budgets { _, _, _ in BudgetSpan(start: 0, end: nil) }
        var budgetClock: BudgetClock
        /// Of the last decision that wanted something kept.
        var number: Int64 = 0
    }

    /// What was decided in one decision, and for which request.
    private typealias Wish = (effects: [Effect], request: RequestID?)

    private let guarded: NIOLockedValueBox<Guarded>
    private let isWatching = Atomic<Bool>(false)
    private let leads = Atomic<Bool>(false)
    private let weighs = Atomic<Bool>(false)
    private let tokensBound = Atomic<Bool>(false)
    private let countsCosts = Atomic<Bool>(false)
    private let wishes = NIOLockedValueBox(InOrder<Wish>())
    private let keep: Keeper
    /// Hears that limits or budgets have news to be kept; must not block.
    let onLimitNews: @Sendable () -> Void

    /// - Parameter seed: of the choices between keys; by default another one
    ///   at every start.
    init(
        _ engine: Engine, seed: UInt64 = SystemRandomNumberGenerator.seed(),
        onLimitNews: @escaping @Sendable () -> Void = {}, keep: @escaping Keeper
    ) {
        let now = SystemClock.now()
        guarded = NIOLockedValueBox(
            Guarded(
                engine: engine, rng: SeededGenerator(seed: seed), limits: Limits(at: now),
                budgetClock: BudgetClock(at: now)))
        self.onLimitNews = onLimitNews
        self.keep = keep
        watch(engine)
    }

    /// Whether the engine must hear of good answers too. Without the lock: it
    /// is asked once a request.
    var awaitsGoodNews: Bool { isWatching.load(ordering: .relaxed) }

    /// Whether it matters to the engine which conversation a request belongs
    /// to. Without the lock, as above.
    var leadsConversations: Bool { leads.load(ordering: .relaxed) }

    /// Whether the engine wants to hear what answers cost by the list of prices.
    /// Without the lock, as above.
    var weighsCost: Bool { weighs.load(ordering: .relaxed) }

    /// Whether any limit counts tokens, which have to be estimated then. Without
    /// the lock, as above.
    var boundsTokens: Bool { tokensBound.load(ordering: .relaxed) }

    /// Whether there are any budgets. Without the lock, as above.
    var hasBudgets: Bool { countsCosts.load(ordering: .relaxed) }

    /// After a change of the budgets, under the lock.
    func watch(_ budgets: borrowing Budgets) { countsCosts.adopt(!budgets.isEmpty) }

    /// After a change of the limits, under the lock.
    func watch(_ limits: borrowing Limits) { tokensBound.adopt(limits.boundTokens) }

    /// One crossing.
    func withGuarded<Answer>(_ body: (inout Guarded) -> Answer) -> Answer {
        guarded.withLockedValue { body(&$0) }
    }

    /// Runs one decision under the lock of which nothing is to be kept.
    func decide<Answer: Sendable>(_ body: (inout Engine, inout SeededGenerator) -> Answer) -> Answer {
        guarded.withLockedValue { guarded in
            let answer = body(&guarded.engine, &guarded.rng)
            watch(guarded.engine)
            return answer
        }
    }

    /// Runs one decision under the lock, and hands over what it wants kept.
    ///
    /// - Parameter request: whose answer it is about; nil for changes from
    ///   outside.
    func change<Answer: Sendable>(
        for request: RequestID? = nil,
        _ body: (inout Engine, inout SeededGenerator, inout [Effect]) -> Answer
    ) -> Answer {
        let (answer, effects, number) = guarded.withLockedValue { guarded -> (Answer, [Effect], Int64) in
            var effects: [Effect] = []
            let answer = body(&guarded.engine, &guarded.rng, &effects)
            if !effects.isEmpty { guarded.number += 1 }
            watch(guarded.engine)
            return (answer, effects, guarded.number)
        }
        handOver(effects, number, of: request)
        return answer
    }

    /// After the lock was given back.
    ///
    /// - Parameter number: of the decision, given out under the lock.
    func handOver(_ effects: [Effect], _ number: Int64, of request: RequestID? = nil) {
        guard !effects.isEmpty else { return }
        wishes.withLockedValue { wishes in
            wishes.add((effects, request), number: number) { keep($0.effects, $0.request) }
        }
    }

    /// For those who ask without the lock.
    func watch(_ engine: borrowing Engine) {
        isWatching.adopt(engine.awaitsGoodNews)
        leads.adopt(engine.leadsConversations)
        weighs.adopt(engine.weighsCost)
    }
}

extension Synchronization.Atomic<Bool> {
    /// Writes only what is new: other loops read it all the time.
    fileprivate borrowing func adopt(_ value: Bool) {
        if value != load(ordering: .relaxed) { store(value, ordering: .relaxed) }
    }
}

extension SystemRandomNumberGenerator {
    fileprivate static func seed() -> UInt64 {
        var source = SystemRandomNumberGenerator()
        return source.next()
    }
}
