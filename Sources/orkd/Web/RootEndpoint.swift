import Hummingbird
import ORKit

/// `GET /`: what this is and where to go from here (HL-05).
struct RootEndpoint: Sendable {
    let board: HealthBoard
    let hasMetrics: Bool
    let hasModels: Bool

    func add(to router: Router<ApplicationContext>) {
        router.get("/") { _, _ in
            try JSONAnswer.response(
                RootDocument(
                    status: try await board.current().status, hasMetrics: hasMetrics, hasModels: hasModels))
        }
    }
}

/// The root document.
struct RootDocument: Encodable {
    var name = "ork"
    var description = "OpenAI-compatible proxy over a pool of OpenRouter keys"
    var version = API.release
    var status: HealthStatus
    /// Path → what it is.
    var endpoints = [
        "/v1/*": "the proxied API; needs a client key",
        "/api/v1/*": "the same, for OpenRouter clients",
        "/openrouter/*": "the same",
        "/openrouter/v1/*": "the same",
        "/health": "state of the daemon and its parts",
        "/readiness": "200 when requests are served, else 503",
        "/liveness": "200 while the daemon runs",
        "/user/*": "a user's own account and keys; needs a client key",
        "/admin/*": "administration; needs the management key or a client key with the admin permission",
    ]
    var documentation = [
        "manual": "man orkd, man orkctl, man orkd-api",
        "api": "https://openrouter.ai/docs/api-reference/overview",
        "openai": "https://platform.openai.com/docs/api-reference",
    ]

    init(status: HealthStatus, hasMetrics: Bool, hasModels: Bool) {
        self.status = status
        if hasMetrics { endpoints[MetricsEndpoint.path] = "numbers for Prometheus" }
        if hasModels {
            endpoints["/models"] = "the models, with prices and context length"
            endpoints["/models/providers"] = "how many models each provider has"
        }
    }
}
