// Web: the routes of the public listener beside the proxy: the root document, probes, models, and those of users and
// administrators, a file per noun. Not here: who is calling, proxied paths (Proxy), what a change means (Services).
// May import Hummingbird, HTTPTypes, NIOCore, NIOConcurrencyHelpers, FoundationEssentials, Logging and ORKit.

import HTTPTypes
import Hummingbird
import Logging
import ORKit

/// Builds the router of the public listener. No route of it waits for the
/// upstream but `/models` while nothing is known of models, and a refresh.
/// Where a route is not for anybody, `DataExchange` has asked for a
/// credential before.
enum WebRouter {
    /// The paths that are always served here, each for GET and HEAD. Everything else that
    /// reaches this router is unknown.
    static let paths = ["/", "/health", "/readiness", "/liveness"]

    /// - Parameters:
    ///   - metrics: nil: there is no `/metrics`.
    ///   - models: nil: there is no `/models` and no `/models/providers`.
    ///   - accounts: the routes of users and administrators; nil: there are
    ///     none.
    ///   - hsts: whether answers tell browsers to insist on TLS (SE-02).
    ///   - clock: what time it is, for the age of the health answer.
    static func application(
        health: any HealthSource, metrics: (any MetricsSource)? = nil, models: (any PublicModels)? = nil,
        accounts: WebEndpoints? = nil, hsts: Bool, logger: Logger,
        clock: @escaping @Sendable () -> Now
    ) -> Application {
        let router = Router(context: ApplicationContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: SecurityMiddleware(hsts: hsts))
        let paths =
            paths + (metrics == nil ? [] : [MetricsEndpoint.path])
            + (models == nil ? [] : PublicModelsEndpoints.paths)
        router.add(
            middleware: ErrorMiddleware(
                known: known(paths, accounts == nil ? [] : WebRoute.allCases), unknownPath: .pathUnknown,
                render: render))
        let board = HealthBoard(source: health, clock: clock)
        HealthEndpoints(source: health, board: board).add(to: router)
        RootEndpoint(board: board, hasMetrics: metrics != nil, hasModels: models != nil).add(to: router)
        if let metrics { MetricsEndpoint(source: metrics).add(to: router) }
        if let models {
            PublicModelsEndpoints(board: ModelsBoard(source: models, clock: clock)).add(to: router)
        }
        accounts?.add(to: router, clock: clock)
        return Application(router: router, logger: logger)
    }

    private static func known(_ paths: [String], _ routes: [WebRoute]) -> KnownPaths {
        let all = paths.map { ("GET", $0) } + routes.map { ($0.method, $0.path) }
        return KnownPaths(all.flatMap { $0.0 == "GET" ? [$0, ("HEAD", $0.1)] : [$0] })
    }

    /// Errors look like those of the data path: whoever calls a wrong path
    /// with an SDK gets its exception, not a parse error (K-04).
    private static func render(_ error: CodedError, _ context: ApplicationContext) -> Response {
        refusal(error, status: nil, context)
    }

    /// - Parameter status: in place of the code's own.
    static func refusal(_ error: CodedError, status: Int?, _ context: ApplicationContext) -> Response {
        let answer = ErrorAnswer(
            error.code, message: error.message, dialect: .gateway, requestID: RequestID(context.requestID),
            status: status)
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
