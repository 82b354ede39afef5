import HTTPTypes
import Hummingbird
import ORKit

/// `/health`, `/readiness`, `/liveness` (HL-01 to HL-04).
struct HealthEndpoints: Sendable {
    let source: any HealthSource
    let board: HealthBoard

    func add(to router: Router<ApplicationContext>) {
        router.get("/health") { _, context in try await health(context) }
        router.get("/readiness") { _, _ in try readiness() }
        // Whoever can say this is alive: no key, no upstream, no store is asked.
        router.get("/liveness") { _, _ in try JSONAnswer.response(Probe(status: "alive", code: nil)) }
    }

    private func health(_ context: ApplicationContext) async throws -> Response {
        let posting = try await board.current()
        return JSONAnswer.response(
            bytes: context.peer.isLocal ? posting.detailed : posting.reduced,
            status: .init(code: posting.status.httpStatus))
    }

    private func readiness() throws -> Response {
        switch source.readiness() {
        case .ready: try JSONAnswer.response(Probe(status: "ready", code: nil))
        case .storeUnavailable: try notReady(.storageUnavailable)
        case .draining: try notReady(.draining)
        }
    }

    private func notReady(_ code: ErrorCode) throws -> Response {
        try JSONAnswer.response(Probe(status: "not-ready", code: code), status: .serviceUnavailable)
    }

    private struct Probe: Encodable {
        var status: String
        var code: ErrorCode?
    }
}
