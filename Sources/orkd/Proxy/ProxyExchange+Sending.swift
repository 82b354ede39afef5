import NIOCore
import ORKit
import Synchronization

// The way to the upstream: ask for a key, connect, send.

extension ProxyExchange {
    func begin() {
        guard admitBudgets() else { return }
        let now = loop.now
        let beginning = gateway.box.begin(
            ask, of: client.user, tokens: tokenEstimate, lease: &limitLease,
            isPosted: gateway.settings.ledger, at: now)
        rateLimit = beginning.notice?.told.map { RateLimitFields($0, at: now.wall) }
        candidates = beginning.census
        switch beginning.decision {
        case .limited(let refusal): refuse(refusal)
        case .begun(.lease(let lease)): dispatch(lease, at: now.monotonic)
        case .begun(.refuse(let refusal)): refused(refusal)
        }
    }

    func dispatch(_ lease: consuming Lease, at now: Int64) {
        if attempts.count > 0 {
            loop.counters.retries.add(1, ordering: .relaxed)
            // What an attempt before this one said is not this one's.
            generation = nil
            scanner = AnswerScanner(format: .opaque, skin: .other)
        }
        attempts.append(
            AttemptRecord(
                key: lease.key, choice: lease.choice, usable: lease.usable, total: lease.total, status: 0,
                verdict: .ok, startedMicroseconds: microseconds(at: now), microseconds: 0))
        self.lease = consume lease
        reserve()
        FailPoint.pass(.afterReserve)
        attemptStart = now
        triedStale = false
        connect()
    }

    /// - Parameter anew: on a connection that has carried nothing yet.
    func connect(anew: Bool = false) {
        serial += 1
        stage = .waiting
        stageSince = loop.now.monotonic
        upstreamOver = false
        brokenBy = nil
        FailPoint.pass(.beforeConnect)
        // A large body is in the processor's cache now, and would not be any more at the end of the turn.
        if anew || !body.isSmall {
            loop.pool.acquire(for: self, attempt: serial, anew: anew)
        } else {
            loop.sendSoon(self, attempt: serial)
        }
    }

    func stillWaits(for attempt: Int) -> Bool { serial == attempt && stage == .waiting }

    /// Gives the request to the connection.
    func send(on connection: UpstreamConnection) {
        upstream = connection
        let framing: BodyFraming =
            if !body.isExpected {
                .none
            } else if let length = body.knownLength {
                .length(length)
            } else {
                .chunked
            }
        let length = body.keptLength ?? 0
        let isSmall = body.isSmall && !framing.isChunked
        var out = door.parser.read { writtenHead($0, framing, andRoomFor: isSmall ? length : 0) }
        if isSmall { body.append(to: &out) }
        let rest = isSmall ? nil : framing.isChunked ? body.kept.map { BodyFrame.chunk($0) } : body.kept
        connection.start(head: out, body: rest, complete: !body.isStreamed, method: method, receiver: self)
        loop.buffers.give(consume out)
        if body.isStreamed {
            body.release(gateway: gateway)
            if body.isWhole { forward(nil) } else { door.wantBody(true) }
        }
    }

    private func writtenHead(
        _ head: borrowing RequestHead, _ framing: BodyFraming, andRoomFor bytes: Int
    ) -> ByteBuffer {
        guard let secret = lease?.secret else { return ByteBuffer() }
        let gateway = gateway
        let bound = HeadWriter.requestBound(
            source: request.source.readableBytes, path: gateway.origin.prefix.count + path.upstream.count,
            secret: secret.count)
        var out = loop.buffers.take(bound + bytes)
        request.source.withUnsafeReadableBytes { source in
            _ = out.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { region in
                HeadWriter.writeRequest(
                    head, source: source, base: gateway.origin.prefix, path: path.upstream,
                    query: head.query.map { source.part($0) }, host: gateway.origin.hostField,
                    secret: secret, framing: framing, attribution: gateway.settings.attribution,
                    into: region)
            }
        }
        return out
    }

    /// The upstream has begun its last answer on this connection. What were
    /// still written could meet a closed socket, whose reset may destroy the
    /// answer on its way (RFC 9112, 9.6).
    var wantsNoMoreBody: Bool {
        switch stage {
        case .judging, .holding, .reserving, .relaying: !answerHead.keepAlive
        case .receiving, .counting, .waiting, .pausing, .queued, .settling, .draining, .over: false
        }
    }

    /// Passes on a piece of a body that is too large to be kept; nil is its end.
    func forward(_ slice: ByteBuffer?) {
        guard body.isStreamed, let upstream, !upstreamOver else { return }
        if wantsNoMoreBody {
            door.wantBody(false)
            return
        }
        let chunked = body.knownLength == nil
        if let slice {
            body.count(slice)
            guard body.total <= gateway.settings.bodyLimit else {
                giveUp(ErrorAnswer(.bodyTooLarge))
                return
            }
            upstream.send(chunked ? BodyFrame.chunk(slice) : slice)
            if !upstream.isWritable { door.wantBody(false) }
        } else {
            if chunked { upstream.send(ByteBuffer(staticString: "0\r\n\r\n")) }
            upstream.requestComplete()
        }
    }
}
