import NIOConcurrencyHelpers
import NIOCore
import ORKit

/// The answers, made at most once a second whatever the number of callers:
/// nobody needs a key to ask.
final class ModelsBoard: Sendable {
    struct Posting: Sendable {
        var models: ByteBuffer
        var providers: ByteBuffer
        fileprivate var madeAt: Int64
    }

    private let source: any PublicModels
    private let clock: @Sendable () -> Now
    private let posted = NIOLockedValueBox<Posting?>(nil)

    init(source: any PublicModels, clock: @escaping @Sendable () -> Now) {
        self.source = source
        self.clock = clock
    }

    func current() async throws -> Posting {
        let now = clock()
        if let posting = posted.withLockedValue({ $0 }), now.monotonic - posting.madeAt < .second {
            return posting
        }
        let list = try await source.current()
        let age = PublicModelsAge(source.cache(), at: now.wall)
        let posting = Posting(
            models: try JSONAnswer.encode(PublicModelsBody(list, age: age)),
            providers: try JSONAnswer.encode(PublicProvidersBody(list, age: age)), madeAt: now.monotonic)
        posted.withLockedValue { $0 = posting }
        return posting
    }
}
