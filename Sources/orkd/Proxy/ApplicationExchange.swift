import HTTPTypes
import Hummingbird
import NIOCore
import ORKit

/// One request for a router (health and control routes): the same strict
/// front door, then ordinary asynchronous code. Not the hot path.
final class ApplicationExchange: Exchange, @unchecked Sendable {
    private let door: FrontDoor
    private let request: ReceivedHead
    private let application: Application
    private let visitor: Visitor?
    private let loop: any EventLoop
    private let method: RequestMethod
    private let minorVersion: UInt8
    private var feed: BodyFeed?
    private var task: Task<Void, Never>?
    private var answer: CallerAnswer?
    private var waiting: [CheckedContinuation<Void, any Error>] = []
    private var isOver = false

    struct CallerGone: Error {}

    init(door: FrontDoor, request: ReceivedHead, application: Application, visitor: Visitor? = nil) {
        self.door = door
        self.visitor = visitor
        self.request = request
        self.application = application
        loop = door.loop.loop
        method = door.parser.head.method
        minorVersion = door.parser.head.minorVersion
    }

    func start() {
        let head = door.parser.head
        let made = request.source.withUnsafeReadableBytes { source in
            HTTPRequest(
                method: head.method.name, target: String(decoding: source.part(head.target), as: UTF8.self),
                fields: head.fields.map {
                    (
                        String(decoding: source.part($0.name), as: UTF8.self),
                        String(decoding: source.part($0.value), as: UTF8.self)
                    )
                })
        }
        guard let made else {
            isOver = true
            door.give(OwnAnswer(ErrorAnswer(.badRequest, requestID: request.id), id: request.id))
            return
        }
        door.continueIfExpected()
        let loop = loop
        let feed = BodyFeed { [weak self] in loop.execute { [weak self] in self?.bodyTaken() } }
        self.feed = feed
        let sink = LoopSink(exchange: self, loop: loop)
        let peer = door.peer
        let id = request.id.description
        let application = application
        let visitor = visitor
        task = Task {
            let ending = await application.respond(
                to: made, peer: peer, requestID: id, visitor: visitor, body: feed, writer: sink)
            if case .broken = ending { sink.broken() }
        }
    }

    func body(_ slice: ByteBuffer) {
        if feed?.push(slice) == false { door.wantBody(false) }
    }

    private func bodyTaken() {
        guard !isOver else { return }
        door.loop.readClock()
        door.wantBody(true)
    }

    func bodyEnded() { feed?.finish() }

    func bodyRefused(_ code: ErrorCode, _ detail: String?) {
        guard !isOver else { return }
        end()
        if answer == nil {
            let error = ErrorAnswer(code, detail: detail, requestID: request.id)
            door.give(OwnAnswer(error, id: request.id))
        } else {
            door.abort(reset: endsByClosing)
        }
    }

    func callerGone() { end() }
    func callerStalled() { end() }

    func callerWritable(_ writable: Bool) {
        if writable { release(.success(())) }
    }

    private func release(_ result: Result<Void, any Error>) {
        let released = waiting
        waiting = []
        for continuation in released { continuation.resume(with: result) }
    }

    func check(monotonic: Int64) {}

    private func end() {
        guard !isOver else { return }
        isOver = true
        feed?.fail()
        feed = nil
        task?.cancel()
        release(.failure(CallerGone()))
    }

    // Called on the loop by the sink

    fileprivate func writeHead(_ status: Int, _ fields: [(String, String)], _ length: Int?) {
        guard !isOver, answer == nil else { return }
        door.loop.readClock()
        var out = door.loop.buffers.take(512)
        out.writeString("HTTP/1.1 \(status) \(ReasonPhrase.of(UInt16(clamping: status)))\r\n")
        for (name, value) in fields { out.writeString("\(name): \(value)\r\n") }
        out.writeBytes(door.crossOriginLines)
        out.writeBytes(door.loop.dateLine)
        out.writeString("Ork-Request: \(request.id)\r\n")
        let framing: BodyFraming
        if let length, status != 204 {
            framing = .length(Int64(length))
            out.writeString("Content-Length: \(length)\r\n")
        } else if status == 204 || method == .head {
            framing = .none
        } else if minorVersion == 0 {
            framing = .untilClose
        } else {
            framing = .chunked
            out.writeString("Transfer-Encoding: chunked\r\n")
        }
        let keepAlive = door.staysOpen && !framing.endsByClosing
        out.writeStaticString(HeadEnd.lines(keepAlive: keepAlive, minorVersion: minorVersion))
        answer = CallerAnswer(framing: framing, keepAlive: keepAlive, takesNote: false, out: out)
    }

    fileprivate func writeBody(_ buffer: ByteBuffer, _ continuation: CheckedContinuation<Void, any Error>) {
        guard !isOver else {
            continuation.resume(throwing: CallerGone())
            return
        }
        answer?.body(buffer, to: door)
        answer?.flush(to: door)
        if door.isWritable { continuation.resume() } else { waiting.append(continuation) }
    }

    fileprivate func writeEnd() {
        guard !isOver else { return }
        isOver = true
        door.loop.readClock()
        // The router may have answered without reading the whole body.
        feed = nil
        answer?.end(to: door)
        door.answered(reusable: answer?.keepsConnection ?? false)
    }

    fileprivate func breakOff() {
        guard !isOver else { return }
        end()
        door.abort(reset: endsByClosing)
    }

    private var endsByClosing: Bool { answer?.endsByClosing == true }
}

/// Brings what a router writes back to the event loop of its connection.
private struct LoopSink: ResponseSink {
    let exchange: ApplicationExchange
    let loop: any EventLoop

    func head(_ status: Int, _ fields: [(String, String)], contentLength: Int?) async throws {
        loop.execute { exchange.writeHead(status, fields, contentLength) }
    }

    func body(_ buffer: ByteBuffer) async throws {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute { exchange.writeBody(buffer, continuation) }
        }
    }

    func end() async throws { loop.execute { exchange.writeEnd() } }
    func broken() { loop.execute { exchange.breakOff() } }
}
