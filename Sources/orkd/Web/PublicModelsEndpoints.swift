import Hummingbird
import NIOConcurrencyHelpers
import NIOCore
import ORKit

/// `/models` and `/models/providers` (MD-01, MD-02): what can be asked for,
/// from what the daemon knows already.
struct PublicModelsEndpoints: Sendable {
    static let paths = ["/models", "/models/providers"]

    let board: ModelsBoard

    func add(to router: Router<ApplicationContext>) {
        router.get("/models") { _, _ in JSONAnswer.response(bytes: try await board.current().models) }
        router.get("/models/providers") { _, _ in
            JSONAnswer.response(bytes: try await board.current().providers)
        }
    }
}

/// What these routes ask of the daemon.
protocol PublicModels: Sendable {
    /// What is known, however old.
    func current() async throws -> ModelList
    func cache() -> ModelCacheView
}

extension ModelsService: PublicModels {}

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
