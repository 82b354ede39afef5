import NIOConcurrencyHelpers
import ORKit
import Testing

@testable import orkd

@Suite("prices on the data path")
struct PriceSnapshotTests {
    @Test("every loop has the table that was published last, as a whole")
    func published() async throws {
        try await DataPath.run { path in
            let counts = NIOLockedValueBox<[Int]>([])
            let read: @Sendable (LoopContext) -> Void = { loop in
                let bound = RequestBound(prompt: 1, completion: 1)
                #expect(
                    loop.prices.models.isEmpty == (loop.prices.worstCase(of: bound, models: ["v/m"]) == nil))
                counts.withLockedValue { $0.append(loop.prices.models.count) }
            }
            await path.loops.onEach(read)
            var model = ModelOffer(id: "v/m")
            (model.dearest.prompt, model.dearest.completion) = (Price(pico: 1), Price(pico: 1))
            (model.dearest.cachedRead, model.dearest.cacheWrite) = (Price(pico: 1), Price(pico: 1))
            model.dearest.reasoning = Price(pico: 1)
            let table = PriceTable([model])
            await path.loops.onEach { $0.replacePrices(table) }
            await path.loops.onEach(read)
            let loops = path.loops.contexts.count
            let wanted = Array(repeating: 0, count: loops) + Array(repeating: 1, count: loops)
            #expect(counts.withLockedValue { $0 } == wanted)
        }
    }
}
