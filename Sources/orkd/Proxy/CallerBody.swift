import NIOCore
import ORKit
import Synchronization

/// The body of a proxied request: kept whole for a replay up to a bound,
/// streamed without one beyond it (ruling 39).
struct CallerBody {
    /// What is kept: everything, or of a streamed body its beginning.
    private(set) var kept: ByteBuffer?
    private(set) var total: Int64 = 0
    private(set) var isExpected = false
    private var format = Format.other
    /// Of the answer, as the body bounds it.
    private var answerTokens: (each: Int64?, count: Int64?)
    private var declared: Int64?
    private var reserved = 0
    /// It has grown, or was announced, beyond what is kept.
    var isStreamed = false
    /// All of it has come.
    var isWhole = false

    private enum Format {
        case json
        case multipart(boundary: [UInt8])
        case other
    }

    /// What was found in a body.
    enum Fields {
        case absent
        case found(model: String?, stream: Bool, conversation: UInt64?)
        case refused(ErrorCode, StaticString)
    }

    /// Of a body too large to keep, this much is read before the request is
    /// sent: enough for the fields that stand in front.
    private static let prefix = 256 << 10

    /// - Parameter skin: of the path. Where only JSON has a meaning the body is
    ///   read as JSON whatever its type claims to be: the upstream may do the
    ///   same (B4-20).
    mutating func prepare(head: borrowing RequestHead, source: ByteBuffer, skin: Skin) {
        switch head.framing {
        case .none: isExpected = false
        case .length(let length):
            isExpected = true
            declared = length
        case .chunked, .untilClose: isExpected = true
        }
        format = .json
        guard skin == .other, let field = head.first(.contentType) else { return }
        source.withUnsafeReadableBytes { bytes in
            let value = bytes.part(field.value)
            if let boundary = MultipartForm.boundary(contentType: value) {
                format = .multipart(boundary: boundary)
            } else {
                format = AnswerFormat(contentType: value, contentEncoding: nil) == .json ? .json : .other
            }
        }
    }

    /// The length to announce upstream: what was announced to us, or what
    /// there is once all of it is here. Nil: only the end will tell.
    var knownLength: Int64? { declared ?? (isStreamed ? nil : total) }

    func mustStream(limit: Int) -> Bool {
        if isWhole { return false }
        if let declared, declared > Int64(limit) { return total >= min(declared, Int64(Self.prefix)) }
        return total > Int64(limit)
    }

    mutating func count(_ slice: ByteBuffer) { total += Int64(slice.readableBytes) }

    /// - Returns: false when the memory for kept bodies is used up.
    mutating func keep(_ slice: ByteBuffer, gateway: Gateway) -> Bool {
        let size = slice.readableBytes
        let before = gateway.keptBytes.add(size, ordering: .relaxed).oldValue
        reserved += size
        guard before + size <= gateway.settings.replayMemory else { return false }
        total += Int64(size)
        if kept == nil {
            if let declared, Int64(size) < declared, declared <= Int64(gateway.settings.replayLimit) {
                // One allocation of the right size instead of growing by doubling.
                var whole = ByteBufferAllocator().buffer(capacity: Int(declared))
                whole.writeImmutableBuffer(slice)
                kept = whole
            } else {
                kept = slice
            }
        } else {
            kept?.writeImmutableBuffer(slice)
        }
        return true
    }

    /// No replay will be needed, or it is over: the memory is free again.
    mutating func release(gateway: Gateway) {
        kept = nil
        guard reserved > 0 else { return }
        gateway.keptBytes.subtract(reserved, ordering: .relaxed)
        reserved = 0
    }

    /// - Parameters:
    ///   - client: whose conversation it is; nil where that does not matter.
    ///   - session: what the head calls it; the body's word counts first.
    mutating func fields(in kept: ByteBuffer, of client: ClientID?, session: Span?, source: ByteBuffer)
        -> Fields
    {
        kept.withUnsafeReadableBytes { bytes in
            switch format {
            case .json:
                switch RequestFields.scan(bytes, complete: isWhole) {
                case .fields(let fields):
                    answerTokens = (fields.maxTokens, fields.n)
                    return .found(
                        model: fields.model, stream: fields.stream,
                        conversation: Self.conversation(fields, in: bytes, of: client, session, source))
                case .refused(let code, let rule): return .refused(code, rule)
                }
            case .multipart(let boundary):
                switch RequestFields.model(multipart: bytes, boundary: boundary) {
                case .absent: return .found(model: nil, stream: false, conversation: nil)
                case .model(let name): return .found(model: name, stream: false, conversation: nil)
                case .ambiguous: return .refused(.badBody, "ambiguous-model")
                }
            case .other: return .absent
            }
        }
    }

    /// What it may take of limits on tokens.
    var tokenEstimate: Int64 {
        guard case .json = format, let kept else { return TokenEstimate.answer }
        return kept.withUnsafeReadableBytes { bytes in
            TokenEstimate.of(
                bytes, rest: (knownLength ?? total) - Int64(bytes.count), answer: answerTokens.each,
                answers: answerTokens.count)
        }
    }
}

extension CallerBody {
    /// The session that is named, in the body or in the head; else the opening
    /// (ruling 16).
    private static func conversation(
        _ fields: RequestFields, in bytes: UnsafeRawBufferPointer, of client: ClientID?, _ session: Span?,
        _ source: ByteBuffer
    ) -> UInt64? {
        guard let client else { return nil }
        if fields.session == nil, let session {
            return source.withUnsafeReadableBytes { Conversation.digest($0.part(session), of: client) }
        }
        return (fields.session ?? fields.opening).map {
            Conversation.digest(UnsafeRawBufferPointer(rebasing: bytes[$0]), of: client)
        }
    }

    /// Why the body is too much for the operator's limits; nil when it is not.
    func excess(over limits: InputLimits) -> ErrorAnswer? {
        // What is only partly here could hold anything.
        guard isWhole, let kept else {
            return ErrorAnswer(
                .bodyTooLarge,
                message: "the body is larger than proxy.replay_limit, and its content is limited")
        }
        return kept.withUnsafeReadableBytes { limits.excess(in: $0) }.map {
            ErrorAnswer(.badBody, message: $0)
        }
    }
}

/// Chunk framing of a request body.
enum BodyFrame {
    static func chunk(_ slice: ByteBuffer) -> ByteBuffer {
        guard slice.readableBytes > 0 else { return ByteBuffer() }
        var out = ByteBufferAllocator().buffer(capacity: slice.readableBytes + 20)
        out.writeString(String(slice.readableBytes, radix: 16))
        out.writeStaticString("\r\n")
        out.writeImmutableBuffer(slice)
        out.writeStaticString("\r\n")
        return out
    }
}
