import Hummingbird
import NIOCore

/// The body of a request on its way from the event loop to a route, with
/// back-pressure: the transport pushes what it reads and stops reading when
/// told to. Once `respond` has returned nobody reads any more.
final class BodyFeed: Sendable {
    private typealias Producer = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Demand
    >

    private let source: Producer.Source
    /// For the router; read at most once.
    let body: RequestBody

    /// - Parameter resume: called, from any thread and possibly more than
    ///   once, when reading may go on after `push` said to stop: because the
    ///   route caught up, or because it will read no more.
    init(resume: @escaping @Sendable () -> Void) {
        let made = Producer.makeSequence(
            backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8), finishOnDeinit: false,
            delegate: Demand(resume: resume))
        source = made.source
        body = RequestBody(asyncSequence: made.sequence)
    }

    /// Takes the next part.
    ///
    /// - Returns: false when the transport should read no more until `resume`
    ///   is called. What a route does not want is dropped, and reading goes on.
    func push(_ buffer: ByteBuffer) -> Bool {
        switch source.yield(buffer) {
        case .produceMore, .dropped: true
        case .stopProducing: false
        }
    }

    /// The body is whole.
    func finish() { source.finish() }

    /// The body broke off or was refused: the route sees an error, never a
    /// shorter body.
    func fail() { source.finish(BodyBrokeOff()) }

    /// A transport that lets go without a word must not make a whole body of
    /// half a one, and the producer insists on an end.
    deinit { source.finish(BodyBrokeOff()) }

    private struct Demand: NIOAsyncSequenceProducerDelegate {
        let resume: @Sendable () -> Void
        func produceMore() { resume() }
        func didTerminate() { resume() }
    }
}

/// The other end left, or broke the framing, before its body was whole.
struct BodyBrokeOff: Error {}
