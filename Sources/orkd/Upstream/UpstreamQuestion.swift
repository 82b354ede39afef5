import NIOCore
import ORKit

/// A small question of our own to the upstream, for example `GET /key`: the
/// same connections as the data path, the answer collected whole.
final class UpstreamQuestion: UpstreamReceiver, @unchecked Sendable {
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
        var milliseconds: Double
    }

    private let origin: Origin
    private let secret: Secret
    private let path: [UInt8]
    private let pool: UpstreamPool
    private let started = SystemClock.monotonic()
    private var connection: UpstreamConnection?
    private var status = 0
    private var body = ByteBuffer()
    private var done: ((Result<Answer, any Error>) -> Void)?
    /// The request as if a caller had sent it: the one writer of heads serves both.
    private var parser = HeadParser(limits: HeadLimits())

    private let bound: Int

    struct Failed: Error { var failure: TransportFailure }

    private init(origin: Origin, secret: Secret, path: String, pool: UpstreamPool, bound: Int) {
        self.bound = bound
        self.origin = origin
        self.secret = secret
        self.path = origin.prefix + Array(path.utf8)
        self.pool = pool
    }

    /// The question under way, if there still is one. Used on the loop alone.
    private final class Place: @unchecked Sendable {
        var question: UpstreamQuestion?
        var isGivenUp = false
    }

    /// Asks on the loop of `context`. When the task is cancelled, nobody waits
    /// for the answer any more.
    ///
    /// - Parameters:
    ///   - path: below the upstream base, beginning `/v1/`.
    ///   - bound: the most bytes that the answer may have.
    /// - Throws: `Failed`, `CancellationError`.
    static func get(
        _ path: String, secret: Secret, on context: LoopContext, timeout: TimeAmount, bound: Int = 64 << 10
    ) async throws -> Answer {
        let loop = context.loop
        let promise = loop.makePromise(of: Answer.self)
        let place = Place()
        loop.execute {
            guard !place.isGivenUp else { return promise.fail(CancellationError()) }
            let question = UpstreamQuestion(
                origin: context.gateway.origin, secret: secret, path: path, pool: context.pool,
                bound: bound)
            let timer = loop.scheduleTask(in: timeout) { question.upstreamFailed(.slowHead) }
            place.question = question
            // Until it has its answer the place keeps the question alive.
            question.done = { result in
                timer.cancel()
                place.question = nil
                promise.completeWith(result)
            }
            context.startTicking()
            context.pool.acquire(for: question, attempt: 1)
        }
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            loop.execute {
                place.isGivenUp = true
                place.question?.giveUp()
            }
        }
    }

    private func giveUp() {
        connection?.discard()
        answer(.failure(CancellationError()))
    }

    func stillWaits(for attempt: Int) -> Bool { done != nil }

    func upstreamReady(_ connection: UpstreamConnection) {
        self.connection = connection
        let request = Array("GET / HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n".utf8)
        var out = ByteBufferAllocator().buffer(capacity: 1024)
        request.withUnsafeBytes { source in
            _ = parser.parse(source)
            let bound = HeadWriter.requestBound(source: source.count, path: path.count, secret: secret.count)
            _ = out.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { region in
                HeadWriter.writeRequest(
                    parser.head, source: source, path: path, query: nil, host: origin.hostField,
                    secret: secret, framing: .none, attribution: .none, into: region)
            }
        }
        connection.start(head: out, body: nil, complete: true, method: .get, receiver: self)
    }

    func upstreamHead(_ head: borrowing ResponseHead, source: ByteBuffer) { status = Int(head.status) }

    func upstreamBody(_ slice: ByteBuffer) {
        body.writeImmutableBuffer(slice)
        guard body.readableBytes > bound else { return }
        connection?.discard()
        answer(.failure(Failed(failure: .protocolError("answer-too-long"))))
    }

    func upstreamEnded() {
        let milliseconds = Double(SystemClock.monotonic() - started) / 1_000_000
        answer(
            .success(Answer(status: status, body: Array(body.readableBytesView), milliseconds: milliseconds)))
    }

    func upstreamFailed(_ failure: TransportFailure) {
        connection?.discard()
        answer(.failure(Failed(failure: failure)))
    }

    func upstreamReadComplete() {}
    func upstreamWritable(_ writable: Bool) {}

    private func answer(_ result: Result<Answer, any Error>) {
        let waiting = done
        done = nil
        connection = nil
        waiting?(result)
    }
}
