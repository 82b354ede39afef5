import NIOCore
import ORKit
import Synchronization

/// The body of a proxied request: kept whole for a replay up to a bound,
/// streamed without one beyond it (ruling 39).
struct CallerBody: ~Copyable {
    /// What is kept: everything, or of a streamed body its beginning.
    private(set) var kept: ByteBuffer?
    private(set) var total: Int64 = 0
    private(set) var isExpected = false
    private var format = Format.other
    /// Of the answer, as the body bounds it.
    private var answerTokens: (each: Int64?, count: Int64?)
    private var declared: Int64?
    private var notedPrompt: Int64?
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
        case found(Facts)
        case refused(ErrorCode, StaticString)
    }

    /// Of a body, what matters here.
    struct Facts {
        var model: String?
        var stream = false
        var conversation: UInt64?
        /// Tokens that one answer may have.
        var maxTokens: Int64?
        /// How many answers are wanted.
        var answers: Int64?
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

    /// Bytes of it that are kept; nil where nothing came.
    var keptLength: Int? { kept?.readableBytes }

    /// It is copied behind the head: one system call, one segment.
    var isSmall: Bool { (keptLength ?? 0) <= 4 << 10 }

    /// Writes what is kept behind something else.
    func append(to out: inout ByteBuffer) { if let kept { out.writeImmutableBuffer(kept) } }

    /// Looks at what is kept.
    ///
    /// - Parameters:
    ///   - client: whose conversation it is; nil where that does not matter.
    ///   - session: what the head calls it; the body's word counts first.
    mutating func fields(of client: ClientID?, session: Span?, source: ByteBuffer) -> Fields {
        let fields =
            kept?.withUnsafeReadableBytes { found($0, of: client, session, source) }
            ?? found(UnsafeRawBufferPointer(start: nil, count: 0), of: client, session, source)
        if case .found(let facts) = fields { answerTokens = (facts.maxTokens, facts.answers) }
        return fields
    }

    private func found(
        _ bytes: UnsafeRawBufferPointer, of client: ClientID?, _ session: Span?, _ source: ByteBuffer
    ) -> Fields {
        switch format {
        case .json:
            switch RequestFields.scan(bytes, complete: isWhole) {
            case .fields(let fields):
                return .found(
                    Facts(
                        model: fields.model, stream: fields.stream,
                        conversation: Self.conversation(fields, in: bytes, of: client, session, source),
                        maxTokens: fields.maxTokens, answers: fields.n))
            case .refused(let code, let rule): return .refused(code, rule)
            }
        case .multipart(let boundary):
            switch RequestFields.model(multipart: bytes, boundary: boundary) {
            case .absent: return .found(Facts())
            case .model(let name): return .found(Facts(model: name))
            case .ambiguous: return .refused(.badBody, "ambiguous-model")
            }
        case .other: return .absent
        }
    }

    /// For what it will likely cost; of what cannot be read the answer counts as
    /// one that nobody bounds.
    var likelyBound: RequestBound {
        var bound = RequestBound(prompt: likelyPrompt, completion: answerTokens.each ?? TokenEstimate.answer)
        bound.answers = max(1, answerTokens.count ?? 1)
        return bound
    }

    private var likelyPrompt: Int64 {
        kept?.withUnsafeReadableBytes { bytes in
            TokenEstimate.of(
                bytes, rest: (knownLength ?? total) - Int64(bytes.count), answer: 0, answers: 1)
        } ?? notedPrompt ?? (knownLength ?? total) / 4
    }

    /// Before it is released: an answer may not say what it cost.
    mutating func notePrompt() { notedPrompt = likelyPrompt }

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

    /// Why a client with a list of models may not have this body sent; nil
    /// when it may. What cannot be looked at could name any model.
    func refusal(by models: AllowedModels, path: ProxyPath, method: RequestMethod) -> ErrorAnswer? {
        switch path.class {
        case .inference, .object, .other: break
        case .catalogue, .account: return nil
        }
        guard method != .get, method != .head, method != .delete, method != .options else { return nil }
        // Nothing at all names nothing; only where a model runs one is chosen all the same.
        if isWhole, total == 0, path.class != .inference { return nil }
        guard isWhole else {
            return ErrorAnswer(
                .bodyTooLarge,
                message:
                    "the body is larger than proxy.replay_limit, and the models of this client are limited")
        }
        let refusal: ModelRefusal? =
            (kept ?? ByteBuffer()).withUnsafeReadableBytes { bytes in
                switch format {
                case .json: models.refusal(in: bytes)
                case .multipart(let boundary):
                    switch RequestFields.model(multipart: bytes, boundary: boundary) {
                    case .absent: .unnamed
                    case .model(let name): models.permits(name) ? nil : .model(name)
                    case .ambiguous: .unreadable
                    }
                case .other: .unreadable
                }
            }
        return refusal.map { refusal in
            let detail =
                switch refusal {
                case .model: "it is not on the list"
                case .unnamed: "none is named"
                case .unreadable: "the body cannot be read for sure"
                }
            return ErrorAnswer(.modelNotPermitted, detail: detail)
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
