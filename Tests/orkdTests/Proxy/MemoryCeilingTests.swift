import Synchronization
import Testing

@testable import orkd

@Suite("the ceiling of memory")
struct MemoryCeilingTests {
    /// A process whose memory a test sets.
    private final class Process: Sendable {
        let taken = Atomic<Int64>(0)
        let trims = Atomic<Int>(0)
        let looks = Atomic<Int>(0)

        func ceiling(_ limit: Int64) -> MemoryCeiling {
            MemoryCeiling(limit: limit) {
                self.looks.add(1, ordering: .relaxed)
                return self.taken.load(ordering: .relaxed)
            } trim: {
                self.trims.add(1, ordering: .relaxed)
            }
        }
    }

    @Test("freed memory is given back from nine tenths on, new requests are refused from 95 % on")
    func ladder() {
        let process = Process()
        let ceiling = process.ceiling(1000)
        let steps: [(taken: Int64, trims: Int, isShort: Bool)] = [
            (0, 0, false), (900, 0, false), (901, 1, false), (950, 2, false), (951, 3, true), (1200, 4, true),
            (950, 5, false), (100, 5, false),
        ]
        for (second, step) in steps.enumerated() {
            process.taken.store(step.taken, ordering: .relaxed)
            ceiling.look(at: Int64(second + 1) * .second)
            #expect(ceiling.isShort == step.isShort, "\(step)")
            #expect(process.trims.load(ordering: .relaxed) == step.trims, "\(step)")
        }
    }

    @Test("it is looked at ten times a second and given back once, however many loops ask")
    func often() {
        let process = Process()
        let ceiling = process.ceiling(1000)
        process.taken.store(999, ordering: .relaxed)
        for tick in 0..<1000 { ceiling.look(at: .second + Int64(tick) * .millisecond) }
        #expect(process.looks.load(ordering: .relaxed) == 10)
        #expect(process.trims.load(ordering: .relaxed) == 1)
    }

    @Test("without a limit nobody looks")
    func none() {
        let process = Process()
        let ceiling = process.ceiling(0)
        process.taken.store(.max, ordering: .relaxed)
        ceiling.look(at: .second)
        #expect(!ceiling.isShort && process.looks.load(ordering: .relaxed) == 0)
    }
}
