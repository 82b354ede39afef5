// Application: what the two routers (Web, Control) have in common: the bridge from our own transport to Hummingbird's
// router, JSON in and out, our error bodies, security headers. Not here: routes (Web, Control), sockets and HTTP
// parsing (Proxy). May import Hummingbird, HTTPTypes, NIOCore, Logging, FoundationEssentials and ORKit.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ORKit

/// A set of routes driven in process: Hummingbird's router without its
/// server.
///
/// The transport parses the head with our own strict parser, calls `respond`
/// in a task, and carries the answer. It adds what belongs to the connection:
/// `Date`, `Connection`, `Ork-Request`, `Content-Length` or chunked framing.
final class Application: Sendable {
    private let responder: RouterResponder<ApplicationContext>
    private let logger: Logger

    init(router: Router<ApplicationContext>, logger: Logger) {
        responder = router.buildResponder()
        self.logger = logger
    }

    /// How an answer ended, for the transport.
    enum Ending: Sendable {
        /// `end()` was called: the connection may carry another request once
        /// the request's body has been read or thrown away.
        case complete
        /// The head may be out but the body is not whole, or the other end is
        /// gone: the connection must be closed, so that a truncated answer
        /// never looks complete.
        case broken
    }

    /// Answers one request.
    ///
    /// - Parameters:
    ///   - head: method, path with query, fields. `Host` is read from the
    ///     fields, else from the authority.
    ///   - visitor: who is asking, if that was found out.
    ///   - body: as it arrives; nil for none. It may be left unread.
    ///   - writer: takes the answer; called from the task, never from two
    ///     places at once.
    @discardableResult
    func respond(
        to head: HTTPRequest, peer: Peer, requestID: String, visitor: Visitor? = nil, body: BodyFeed?,
        writer: any ResponseSink
    ) async -> Ending {
        let context = ApplicationContext(
            source: .init(logger: logger, peer: peer, requestID: requestID, visitor: visitor))
        let response: Response
        do {
            response = try await responder.respond(
                to: Request(head: head, body: body?.body ?? RequestBody(buffer: ByteBuffer())),
                context: context)
        } catch {
            // Both routers turn every error into an answer; what still arrives
            // here is the task's cancellation.
            return .broken
        }
        let length = response.headers[.contentLength].flatMap { Int($0) } ?? response.body.contentLength
        do {
            try await writer.head(response.status.code, response.fieldsWithoutFraming, contentLength: length)
            if head.method == .head || response.status.code == 204 || response.status.code == 304 {
                try await writer.end()
            } else {
                try await response.body.write(SinkWriter(sink: writer))
            }
            return .complete
        } catch {
            logger.debug("answer broke off", metadata: ["request": .string(requestID)])
            return .broken
        }
    }
}

extension Response {
    /// The framing is the transport's: it alone knows the caller's version.
    fileprivate var fieldsWithoutFraming: [(String, String)] {
        headers.compactMap { field in
            field.name == .contentLength || field.name == .transferEncoding
                ? nil : (field.name.rawName, field.value)
        }
    }
}

extension HTTPRequest {
    /// A head from what a parser found: method word, request target in origin
    /// form, fields in their order.
    ///
    /// - Returns: nil when the method or a field name is not a token, or a
    ///   value holds bytes that a field value must not.
    init?(method: String, target: String, fields: [(String, String)]) {
        guard let method = HTTPRequest.Method(method) else { return nil }
        var headerFields = HTTPFields()
        headerFields.reserveCapacity(fields.count)
        for (name, value) in fields {
            guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else { return nil }
            headerFields.append(HTTPField(name: name, value: value))
        }
        self.init(method: method, scheme: nil, authority: nil, path: target, headerFields: headerFields)
    }
}
