// Control: the control API on the Unix socket. Here: the router, who may call what, one endpoint file per noun, thin
// over the services. Not here: listening and peer credentials (System, Proxy), what a change means (Services).
// May import Hummingbird, HTTPTypes, NIOCore, FoundationEssentials, Logging and ORKit.

import HTTPTypes
import Hummingbird
import Logging
import ORKit

/// What answers one route.
typealias ControlHandler = @Sendable (ControlCall) async throws -> Response

/// Builds the router of the control socket: every case of `Route`, nothing
/// else. It is reached from no network port (ruling 34).
enum ControlRouter {
    /// - Parameters:
    ///   - handler: asked once for each route, when the router is built.
    ///   - refused: told of whoever may not do what it asked for.
    static func application(
        logger: Logger, handler: (Route) -> ControlHandler,
        refused: @escaping @Sendable (Peer) -> Void = { _ in }
    ) -> Application {
        let router = Router(context: ApplicationContext.self)
        router.add(middleware: ControlVersion())
        router.add(
            middleware: ErrorMiddleware(
                known: KnownPaths(Route.allCases.map { ($0.method, $0.path) }), unknownPath: .routeUnknown
            ) { error, context in
                if error.code == .forbidden { refused(context.peer) }
                return render(error, context)
            })
        router.add(middleware: ControlGate())
        for route in Route.allCases {
            guard let method = HTTPRequest.Method(route.method) else { continue }
            let answer = handler(route)
            router.on(RouterPath(route.path), method: method) { request, context in
                try admit(context.peer.role, to: route)
                return try await answer(ControlCall(request: request, context: context))
            }
        }
        return Application(router: router, logger: logger)
    }

    private static func admit(_ role: Peer.Role, to route: Route) throws {
        guard role >= (route.changes ? .admin : .viewer) else {
            throw CodedError(.forbidden, role == .none ? nil : "your user may look but not change anything")
        }
    }

    private static func render(_ error: CodedError, _ context: ApplicationContext) -> Response {
        let status = HTTPResponse.Status(code: max(400, error.code.entry.status))
        // A body of strings and an array of strings: encoding it cannot fail.
        return (try? JSONAnswer.response(error.body, status: status)) ?? Response(status: status)
    }
}
