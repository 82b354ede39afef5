// Web: the routes of the public listener beside the proxy. Here: the root document, probes and models, a file per noun.
// Not here: anything that needs a client key, proxied paths (Proxy), control routes, which exist on no network port.
// May import Hummingbird, HTTPTypes, NIOCore, NIOConcurrencyHelpers, FoundationEssentials, Logging and ORKit.

import HTTPTypes
import Hummingbird
import Logging
import ORKit

/// Builds the router of the public listener. No route of it waits for the
/// upstream but `/models` while nothing is known of models, and none asks for a credential (HL-04) but `/metrics`, for which
/// `DataExchange` does.
enum WebRouter {
    /// The paths that are always served here, each for GET and HEAD. Everything else that
    /// reaches this router is unknown.
    static let paths = ["/", "/health", "/readiness", "/liveness"]

    /// - Parameters:
    ///   - metrics: nil: there is no `/metrics`.
    ///   - models: nil: there is no `/models` and no `/models/providers`.
    ///   - hsts: whether answers tell browsers to insist on TLS (SE-02).
    ///   - clock: what time it is, for the age of the health answer.
    static func application(
        health: any HealthSource, metrics: (any MetricsSource)? = nil, models: (any PublicModels)? = nil,
        hsts: Bool, logger: Logger,
        clock: @escaping @Sendable () -> Now
    ) -> Application {
        let router = Router(context: ApplicationContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: SecurityMiddleware(hsts: hsts))
        let paths =
            paths + (metrics == nil ? [] : [MetricsEndpoint.path])
            + (models == nil ? [] : PublicModelsEndpoints.paths)
        router.add(
            middleware: ErrorMiddleware(
                known: KnownPaths(paths.flatMap { [("GET", $0), ("HEAD", $0)] }), unknownPath: .pathUnknown,
                render: render))
        let board = HealthBoard(source: health, clock: clock)
        HealthEndpoints(source: health, board: board).add(to: router)
        RootEndpoint(board: board, hasMetrics: metrics != nil, hasModels: models != nil).add(to: router)
        if let metrics { MetricsEndpoint(source: metrics).add(to: router) }
        if let models {
            PublicModelsEndpoints(board: ModelsBoard(source: models, clock: clock)).add(to: router)
        }
        return Application(router: router, logger: logger)
    }

    /// Errors look like those of the data path: whoever calls a wrong path
    /// with an SDK gets its exception, not a parse error (K-04).
    private static func render(_ error: CodedError, _ context: ApplicationContext) -> Response {
        let answer = ErrorAnswer(error.code, message: error.message, requestID: RequestID(context.requestID))
        var headers = HTTPFields()
        for (name, value) in answer.fields {
            guard let name = HTTPField.Name(name) else { continue }
            headers[name] = value
        }
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}

/// Puts `SecurityHeaders` on every answer, errors included.
private struct SecurityMiddleware: RouterMiddleware {
    typealias Context = ApplicationContext

    private let fields: [(HTTPField.Name, String)]

    init(hsts: Bool) {
        fields = SecurityHeaders.fields(hsts: hsts).compactMap { name, value in
            HTTPField.Name(name).map { ($0, value) }
        }
    }

    func handle(
        _ request: Request, context: ApplicationContext,
        next: (Request, ApplicationContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in fields { response.headers[name] = value }
        return response
    }
}
