import NIOConcurrencyHelpers
import ORKit
import Testing

@testable import orkd

@Suite("the engine among threads")
struct EngineBoxTests {
    @Test("what comes early waits for what was before it")
    func order() {
        var order = InOrder<Int>()
        var seen: [Int] = []
        for number in [2, 4, 3, 1, 6, 5, 7] {
            order.add(number, number: Int64(number)) { seen.append($0) }
            if number == 3 { #expect(seen.isEmpty) }
        }
        #expect(seen == [1, 2, 3, 4, 5, 6, 7])
    }

    /// Without the numbers some hundred of these are handed over late.
    @Test("what several threads decide is kept in the order of the decisions")
    func handover() async {
        let notes = Notes()
        let box = EngineBox(Engine(settings: EngineSettings()), seed: 1) { effects, _ in notes.keep(effects) }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<5000 {
                        box.change { _, _, effects in
                            effects.append(.transition(Self.transition(notes.next())))
                        }
                    }
                }
            }
        }
        #expect(notes.kept == Array(1...20_000))
    }

    @Test("a decision of which nothing is kept hands nothing over")
    func nothing() {
        let box = EngineBox(Engine(settings: EngineSettings()), seed: 1) { _, _ in
            Issue.record("something was handed over")
        }
        #expect(box.change { engine, _, _ in engine.count } == 0)
    }

    private static func transition(_ number: Int64) -> Transition {
        Transition(
            key: KeyID(1), at: WallTime(milliseconds: number), from: .usable, to: .resting, trigger: "test",
            evidence: nil, until: nil)
    }
}

/// Numbers given out under the engine's lock, and those that were kept.
private final class Notes: Sendable {
    // As orkd's locks: the standard library's hands over where ThreadSanitizer does not see it.
    private let state = NIOLockedValueBox<(given: Int64, kept: [Int64])>((0, []))

    func next() -> Int64 {
        state.withLockedValue {
            $0.given += 1
            return $0.given
        }
    }

    func keep(_ effects: [Effect]) {
        state.withLockedValue { state in
            for case .transition(let transition) in effects { state.kept.append(transition.at.milliseconds) }
        }
    }

    var kept: [Int64] { state.withLockedValue { $0.kept } }
}
