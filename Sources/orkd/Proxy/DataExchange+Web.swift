import NIOCore
import ORKit

// Who is asking for a route beside the proxy. What the routes answer is the
// router's; who may come as far as that is decided here, for whole trees of
// paths.

extension DataExchange {
    static func besideProxy(
        _ head: borrowing RequestHead, _ source: UnsafeRawBufferPointer, door: FrontDoor,
        request: ReceivedHead
    ) -> any Exchange {
        let access = WebAccess(path: source.part(head.path))
        func answered(_ visitor: Visitor? = nil) -> any Exchange {
            ApplicationExchange(
                door: door, request: request, application: door.loop.gateway.web, visitor: visitor)
        }
        func refused(
            _ code: ErrorCode, _ detail: String? = nil, status: Int? = nil, retryAfter: Int64? = nil
        ) -> any Exchange {
            var error = ErrorAnswer(
                code, detail: detail, dialect: .gateway, requestID: request.id,
                retryAfterMilliseconds: retryAfter)
            error.statusOverride = status
            return ReadyExchange(door: door, answer: OwnAnswer(error, id: request.id))
        }
        guard access != .open, access != .metrics || door.settings.metrics == .admin else {
            return answered()
        }
        if let answer = preflight(head, source, door: door, request: request) { return answer }
        let place = access.place
        if access == .register {
            let now = request.at.monotonic
            guard let wait = door.loop.gateway.registering(from: caller(head, source, door: door), at: now)
            else { return answered() }
            noteRefusal(.init(.rateLimited, at: place), head, source, door, request.at)
            return refused(
                .rateLimited, "\(Gateway.registrationCalls) tries to register an hour from one address",
                retryAfter: wait)
        }
        if let query = head.query, Credential.isInQuery(source[query.range]) {
            noteRefusal(.init(.credentialInQuery, at: place), head, source, door, request.at)
            return refused(.credentialInQuery)
        }
        let visitor: Visitor
        switch self.visitor(head, source, door: door, at: request.at) {
        case .success(let found): visitor = found
        case .failure(let refusal):
            if let wait = noteRefusal(.init(refusal.code, at: place), head, source, door, request.at) {
                door.closeAfterAnswer = true
                return refused(.tooManyFailures, retryAfter: wait)
            }
            // S2's own routes name a missing field so (K-03).
            let isMissing = access == .user && refusal.code == .credentialMissing
            return refused(refusal.code, status: isMissing ? 422 : nil)
        }
        if case .client(let client) = visitor, let rules = client.rules,
            let code = rules.refusal(of: head, in: source, at: door, path: nil, request.at)
        {
            noteRefusal(.init(code, at: place), head, source, door, request.at)
            return refused(code)
        }
        guard access != .user else { return answered(visitor) }
        guard visitor.isAdmin else {
            noteRefusal(.init(.pathNotPermitted, at: place), head, source, door, request.at)
            return refused(.pathNotPermitted, "it needs the admin permission")
        }
        guard access == .admin else { return answered(visitor) }
        let address = caller(head, source, door: door)
        door.loop.gateway.visited(by: visitor.name, from: address, at: request.at.monotonic)
        if let wait = door.loop.gateway.managed(by: address, at: request.at.monotonic) {
            noteRefusal(.init(.rateLimited, at: place), head, source, door, request.at)
            return refused(
                .rateLimited, "\(Gateway.managementCalls) calls of administration a minute from one address",
                retryAfter: wait)
        }
        return answered(visitor)
    }

    private static func visitor(
        _ head: borrowing RequestHead, _ source: UnsafeRawBufferPointer, door: FrontDoor, at now: Now
    ) -> Result<Visitor, NotAdmitted> {
        let credential = Credential.read(head, source: source, known: &door.credential)
        // Digests are compared: how long that takes tells nothing about the key.
        if case .digest(let digest) = credential, digest == door.settings.managementKey {
            return .success(.management)
        }
        return admit(credential, loop: door.loop, isOpen: false, at: now).map { .client($0) }
    }

    /// Callers behind one proxy are told apart; a hop that is no address
    /// counts as one of the others.
    static func caller(
        _ head: borrowing RequestHead, _ source: UnsafeRawBufferPointer, door: FrontDoor
    ) -> String {
        guard case .network(let address, _) = door.peer.origin else { return "" }
        return door.settings.trustedProxies.isEmpty
            ? address : head.caller(in: source, at: door)?.description ?? ""
    }
}

extension WebAccess {
    /// Where refusals are counted.
    fileprivate var place: FailedAdmissions.Place {
        switch self {
        case .open: .proxy
        case .metrics: .metrics
        case .register: .register
        case .user: .user
        case .admin: .admin
        }
    }
}

extension Visitor {
    var isAdmin: Bool {
        switch self {
        case .management: true
        case .client(let client): client.permissions.contains(.admin)
        }
    }
}
