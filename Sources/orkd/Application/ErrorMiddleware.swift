import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ORKit

/// Answers unknown paths and wrong methods, and turns every error into an
/// answer of the router's own shape: the only place that does.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = ApplicationContext

    let known: KnownPaths
    /// The code for a path that nobody serves.
    let unknownPath: ErrorCode
    let render: @Sendable (CodedError, ApplicationContext) -> Response

    func handle(
        _ request: Request, context: ApplicationContext,
        next: (Request, ApplicationContext) async throws -> Response
    ) async throws -> Response {
        let methods = known.methods(of: request.plainPath)
        guard !methods.isEmpty else { return render(CodedError(unknownPath), context) }
        guard methods.contains(request.method.rawValue) else {
            var response = render(CodedError(.methodNotAllowed), context)
            response.headers[.allow] = methods.joined(separator: ", ")
            return response
        }
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            return render(CodedError(from: error, in: context), context)
        }
    }
}

extension CodedError {
    /// What the caller is told of any error. One that nobody foresaw is
    /// logged; its text goes no further.
    init(from error: any Error, in context: ApplicationContext) {
        switch error {
        case let error as CodedError where error.code != .internalError: self = error
        case is NIOTooManyBytesError: self.init(.bodyTooLarge)
        case is BodyBrokeOff: self.init(.badBody, "the body broke off")
        // The caller left, and so nobody reads it.
        case is CancellationError: self.init(.interrupted)
        default:
            // It may name paths or SQL; the log masks what looks like a key.
            // The id in the answer leads to this line.
            context.logger.error(
                "unexpected error",
                metadata: [
                    "request": .string(context.requestID), "type": "\(type(of: error))",
                    "error": .string(String(String(describing: error).prefix(300))),
                ])
            self.init(.internalError, "internal error \(context.requestID)")
        }
    }
}

extension Request {
    /// The request target up to its query, as it was sent.
    var plainPath: Substring { (head.path ?? "").prefix { $0 != "?" } }
}
