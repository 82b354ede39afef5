import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /metrics` for Prometheus (LG-13). Who may ask was settled before the
/// router (`DataExchange`).
struct MetricsEndpoint: Sendable {
    let source: any MetricsSource

    static let path = "/metrics"

    func add(to router: Router<ApplicationContext>) {
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: MetricsText.contentType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: await source.metrics())))
        }
    }
}

/// What the metrics route asks of the daemon.
protocol MetricsSource: Sendable {
    /// The whole text, made now and from memory.
    func metrics() async -> [UInt8]
}
