import NIOCore
import ORKit

/// One request and its answer on one connection: proxied, or handed to a
/// router. The front door owns it and calls it on its event loop.
protocol Exchange: AnyObject {
    /// The head was read. May answer at once.
    func start()
    /// A piece of the body, framing taken off.
    func body(_ slice: ByteBuffer)
    /// The body is complete (also when there was none).
    func bodyEnded()
    /// The body was not what its framing promised, or did not come in time:
    /// answer if nothing was sent yet. The connection closes afterwards.
    func bodyRefused(_ code: ErrorCode, _ detail: String?)
    /// The caller closed or reset its connection.
    func callerGone()
    /// The caller has not read for the write-idle deadline; the connection is
    /// cut after this call.
    func callerStalled()
    func callerWritable(_ writable: Bool)
    /// Ends what is overdue.
    func check(monotonic: Int64)
}

/// A message head as received; its fields are in the door's parser until the
/// request is over.
struct ReceivedHead {
    var id: RequestID
    var at: Now
    var source: ByteBuffer
}

/// Takes the framing off a request body.
enum BodyReader {
    /// So many bytes are still to come.
    case length(Int64)
    case chunked(ChunkedReader)

    enum Step {
        case data(ByteBuffer)
        case needMore
        case end
        case refused(StaticString)
    }

    mutating func next(_ inbound: inout ByteBuffer) -> Step {
        switch self {
        case .length(let left):
            if left == 0 { return .end }
            let count = Int(min(left, Int64(inbound.readableBytes)))
            guard count > 0, let slice = inbound.readSlice(length: count) else { return .needMore }
            self = .length(left - Int64(count))
            return .data(slice)
        case .chunked(var reader):
            var offset = 0
            let step = inbound.withUnsafeReadableBytes { reader.next($0, at: &offset) }
            self = .chunked(reader)
            switch step {
            case .data(let range):
                inbound.moveReaderIndex(forwardBy: range.lowerBound)
                guard let slice = inbound.readSlice(length: range.count) else { return .needMore }
                inbound.moveReaderIndex(forwardBy: max(0, offset - range.upperBound))
                return .data(slice)
            case .needMore:
                inbound.moveReaderIndex(forwardBy: offset)
                return .needMore
            case .end:
                inbound.moveReaderIndex(forwardBy: offset)
                return .end
            case .refused(let rule):
                return .refused(rule)
            }
        }
    }
}
