import Hummingbird
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
