import FoundationEssentials
import Hummingbird
import Logging
import ORKit

/// What a route knows besides the request itself.
struct ApplicationContext: RequestContext {
    typealias Source = ApplicationSource

    var coreContext: CoreRequestContextStorage
    let peer: Peer
    /// The id in the `Ork-Request` header of this answer.
    let requestID: String
    /// Nil: nobody asked who it is.
    let visitor: Visitor?

    init(source: ApplicationSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.peer
        requestID = source.requestID
        visitor = source.visitor
    }
}

/// What the transport hands in per request.
struct ApplicationSource: RequestContextSource, Sendable {
    let logger: Logger
    let peer: Peer
    let requestID: String
    let visitor: Visitor?

    init(logger: Logger, peer: Peer, requestID: String, visitor: Visitor?) {
        // Hummingbird's `context.id` unwraps this entry by force.
        var logger = logger
        logger[metadataKey: "hb.request.id"] = .string(requestID)
        self.logger = logger
        self.peer = peer
        self.requestID = requestID
        self.visitor = visitor
    }
}
