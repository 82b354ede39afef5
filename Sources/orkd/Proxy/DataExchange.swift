import NIOCore
import ORKit
import Synchronization

/// Decides what a message on the data port is: proxied, for a route beside
/// the proxy, or refused. In this order: path, preflight, drain, store,
/// memory, credential, permission (rulings 27 to 29, 35 to 37).
enum DataExchange {
    static func make(door: FrontDoor, request: ReceivedHead) -> any Exchange {
        door.parser.read { make($0, door: door, request: request) }
    }

    private static func make(
        _ head: borrowing RequestHead, door: FrontDoor, request: ReceivedHead
    ) -> any Exchange {
        let loop = door.loop
        func refused(
            _ code: ErrorCode, _ detail: String? = nil, dialect: ErrorDialect = .openai,
            retryAfter: Int64? = nil
        ) -> any Exchange {
            let error = ErrorAnswer(
                code, detail: detail, dialect: dialect, requestID: request.id,
                retryAfterMilliseconds: retryAfter)
            return ReadyExchange(door: door, answer: OwnAnswer(error, id: request.id))
        }
        return request.source.withUnsafeReadableBytes { source -> any Exchange in
            let decision = TargetPath.decide(
                method: head.method, path: UnsafeRawBufferPointer(rebasing: source[head.path.range]))
            let path: ProxyPath
            switch decision {
            case .web: return besideProxy(head, source, door: door, request: request)
            case .reserved: return refused(.pathReserved)
            case .refused(let code, let rule): return refused(code, "\(rule)")
            case .proxy(let found): path = found
            }
            let dialect = ErrorDialect(path.skin)
            if let answer = preflight(head, source, door: door, request: request) { return answer }
            if loop.gateway.draining.load(ordering: .relaxed) { return refused(.draining, dialect: dialect) }
            guard loop.gateway.store.isWritable else { return refused(.storageUnavailable, dialect: dialect) }
            guard !loop.gateway.memory.isShort else {
                return refused(.overloaded, "memory is short", dialect: dialect, retryAfter: 1000)
            }
            if let query = head.query, Credential.isInQuery(source[query.range]) {
                noteRefusal(.init(.credentialInQuery, at: .proxy), head, source, door, request.at)
                return refused(.credentialInQuery, dialect: dialect)
            }
            let client: ClientEntry
            let credential = Credential.read(head, source: source, known: &door.credential)
            switch admit(credential, loop: loop, isOpen: loop.gateway.settings.open, at: request.at) {
            case .success(let entry): client = entry
            case .failure(let refusal):
                guard let wait = noteRefusal(.init(refusal.code, at: .proxy), head, source, door, request.at)
                else {
                    return refused(refusal.code, dialect: dialect)
                }
                // Every further guess costs its sender a connection.
                door.closeAfterAnswer = true
                return refused(.tooManyFailures, dialect: dialect, retryAfter: wait)
            }
            if let rules = client.rules,
                let code = rules.refusal(of: head, in: source, at: door, path: path, request.at)
            {
                noteRefusal(.init(code, at: .proxy), head, source, door, request.at)
                return refused(code, dialect: dialect)
            }
            guard client.permissions.isSuperset(of: path.permission) else {
                noteRefusal(.init(.pathNotPermitted, at: .proxy), head, source, door, request.at)
                return refused(.pathNotPermitted, path.class.refusalDetail, dialect: dialect)
            }
            if case .length(let length) = head.framing, length > loop.gateway.settings.bodyLimit {
                return refused(.bodyTooLarge, dialect: dialect)
            }
            FailPoint.pass(.afterAuth)
            return ProxyExchange(door: door, request: request, client: client, path: path)
        }
    }

    /// A browser's question before a request from a page: it carries no
    /// credential. Where the page is not allowed the answer says nothing of
    /// permission, which is a no.
    ///
    /// - Returns: nil for anything else.
    static func preflight(
        _ head: borrowing RequestHead, _ source: UnsafeRawBufferPointer, door: FrontDoor,
        request: ReceivedHead
    ) -> (any Exchange)? {
        guard head.method == .options, head.first(.origin) != nil,
            head.first(.accessControlRequestMethod) != nil
        else { return nil }
        let isAllowed = door.settings.crossOrigin?.allows(head, in: source) ?? false
        let answer = OwnAnswer(
            status: 204,
            fields: isAllowed ? CrossOrigin.preflightFields(head, in: source) : [("Vary", "Origin")],
            body: [], id: request.id)
        return ReadyExchange(door: door, answer: answer)
    }

    /// Counts somebody who is not let in, for the log and the audit trail.
    ///
    /// - Returns: how many milliseconds a caller with too many failures has to
    ///   wait.
    @discardableResult
    static func noteRefusal(
        _ reason: FailedAdmissions.Reason, _ head: borrowing RequestHead, _ source: UnsafeRawBufferPointer,
        _ door: FrontDoor, _ now: Now
    ) -> Int64? {
        guard case .network = door.peer.origin else { return nil }
        return door.loop.gateway.refused(caller(head, source, door: door), reason, at: now.monotonic)
    }

    struct NotAdmitted: Error { var code: ErrorCode }

    /// - Parameter isOpen: whoever is not known is let in as well.
    static func admit(
        _ credential: Credential, loop: LoopContext, isOpen: Bool, at now: Now
    ) -> Result<ClientEntry, NotAdmitted> {
        switch credential {
        case .conflict:
            return .failure(NotAdmitted(code: .credentialConflict))
        case .absent:
            return isOpen
                ? .success(.anonymous) : .failure(NotAdmitted(code: .credentialMissing))
        case .digest(let digest):
            guard let entry = loop.clients[digest] else {
                return isOpen
                    ? .success(.anonymous) : .failure(NotAdmitted(code: .clientUnknown))
            }
            guard entry.enabled else { return .failure(NotAdmitted(code: .clientDisabled)) }
            if let expires = entry.expiresAt, expires <= now.wall {
                return .failure(NotAdmitted(code: .clientExpired))
            }
            return .success(entry)
        }
    }
}

extension ClientEntry {
    /// Everybody, in open mode.
    static let anonymous = ClientEntry(
        id: .anonymous, name: "anonymous", permissions: .standard, enabled: true, expiresAt: nil)
}

extension PathClass {
    /// What to say when the permission is missing.
    var refusalDetail: String? {
        switch self {
        case .inference, .catalogue: nil
        case .object: "objects stored at the upstream need the passthrough permission"
        case .account: "the upstream account's keys and credits need the admin permission"
        case .other: "this path needs the passthrough permission"
        }
    }
}

extension ErrorDialect {
    init(_ skin: Skin) {
        self =
            switch skin {
            case .messages: .anthropic
            case .responses: .responses
            default: .openai
            }
    }
}

extension FrontDoor {
    /// Writes an answer of our own and ends the exchange.
    func give(_ answer: OwnAnswer) {
        let keepAlive = staysOpen
        give(
            answer.bytes(
                on: loop, keepAlive: keepAlive, minorVersion: parser.head.minorVersion,
                head: parser.head.method == .head, crossOrigin: crossOriginLines))
        answered(reusable: keepAlive)
    }
}
