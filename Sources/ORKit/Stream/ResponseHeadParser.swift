/// What reading the head of a response has come to.
package enum ResponseProgress: Sendable {
    case incomplete
    /// The head is `length` bytes long, the empty line included.
    case complete(length: Int)
    /// A 1xx answer of that many bytes: drop it, `reset`, and read the next
    /// head. The caller bounds how many it accepts.
    case informational(length: Int)
    /// The connection is worthless.
    case refused(HeadRefusal)
}

/// Reads the head of a response as strictly as that of a request; only bytes
/// beyond ASCII may stand in values. Reused like `HeadParser`.
package struct ResponseHeadParser: ~Copyable, Sendable {
    private let limits: HeadLimits
    private var lines = HeadLines()
    private var fault: HeadRefusal?
    /// Valid after `.complete`, until `reset`.
    package private(set) var head = ResponseHead()

    package init(limits: HeadLimits = HeadLimits()) { self.limits = limits }

    /// The head in its place, as that of a request is read.
    @inline(__always)
    package func read<Answer>(_ body: (borrowing ResponseHead) -> Answer) -> Answer { body(head) }

    /// Forgets the message, keeps the storage.
    package mutating func reset() {
        lines.reset(&head.fields)
        head.connectionNamed.removeAll(keepingCapacity: true)
        fault = nil
        head.framing = .none
        head.statedLength = nil
        head.format = .opaque
        head.kinds = 0
    }

    /// Reads on.
    ///
    /// - Parameters:
    ///   - bytes: everything received of this message so far, from its first
    ///     byte.
    ///   - method: of the request that is answered; decides whether a body
    ///     follows.
    package mutating func parse(_ bytes: UnsafeRawBufferPointer, answering method: RequestMethod)
        -> ResponseProgress
    {
        if let fault { return .refused(fault) }
        guard let base = bytes.baseAddress, bytes.count > 0 else { return .incomplete }
        while true {
            switch lines.next(base, count: bytes.count, limits: limits) {
            case .line(let from, let to):
                if !lines.hasFirst {
                    if let rule = head.readStatusLine(base, from: from, to: to) { return refuse(rule) }
                    lines.hasFirst = true
                } else if from < to {
                    if let rule = lines.block.take(base, from: from, to: to, allowsOpaque: true) {
                        return refuse(rule)
                    }
                    if lines.block.fields.count > limits.fields { return refuse("too-many-fields") }
                } else {
                    if let rule = finish(base, bytes, method) { return refuse(rule) }
                    lines.complete(base)
                    return head.status < 200
                        ? .informational(length: lines.length) : .complete(length: lines.length)
                }
            case .partial:
                if !lines.hasFirst, !ResponseHead.mayBegin(base, count: bytes.count) {
                    return refuse("not-http")
                }
                return .incomplete
            case .bareLF: return refuse("bare-lf")
            case .lineTooLong: return refuse("line-too-long")
            case .blockTooLong: return refuse("head-too-long")
            }
        }
    }

    private mutating func refuse(_ rule: StaticString) -> ResponseProgress {
        let refusal = HeadRefusal(.upstreamProtocol, rule)
        fault = refusal
        return .refused(refusal)
    }

    private mutating func finish(
        _ base: UnsafeRawPointer, _ bytes: UnsafeRawBufferPointer, _ method: RequestMethod
    ) -> StaticString? {
        // Before anything else: a 101 names `upgrade` in its Connection field.
        if head.status == 101 { return "unasked-101" }
        if let rule = lines.block.interpret(base, minorVersion: head.minorVersion) { return rule }
        head.kinds = lines.block.kinds
        swap(&head.fields, &lines.block.fields)
        swap(&head.connectionNamed, &lines.block.connectionNamed)
        head.keepAlive = lines.block.persists(minorVersion: head.minorVersion)
        // Others take it that nothing follows; what follows would be read in two ways.
        if head.status < 200, !head.keepAlive { return "close-in-1xx" }
        head.statedLength = lines.block.length
        head.format = AnswerFormat(
            contentType: head.first(.contentType).map { bytes.part($0.value) },
            contentEncoding: head.first(.contentEncoding).map { bytes.part($0.value) })
        if method == .head || head.status < 200 || head.status == 204 || head.status == 304 {
            head.framing = .none
            // A 204 that announces a body will probably send one.
            if head.status == 204, lines.block.isChunked || (lines.block.length ?? 0) > 0 {
                head.keepAlive = false
            }
        } else if lines.block.isChunked {
            head.framing = .chunked
        } else if let length = lines.block.length {
            head.framing = .length(length)
        } else {
            head.framing = .untilClose
            head.keepAlive = false
        }
        return nil
    }
}

extension ResponseHead {
    /// `HTTP/1.x SP 3DIGIT SP reason`; the reason is not kept.
    fileprivate mutating func readStatusLine(_ base: UnsafeRawPointer, from: Int, to: Int) -> StaticString? {
        guard to &- from >= 13, base.matches("HTTP/1.", at: from), base.byte(from &+ 8) == ASCII.space,
            base.byte(from &+ 12) == ASCII.space
        else { return "bad-status-line" }
        let minor = base.byte(from &+ 7) &- 0x30
        guard minor < 2 else { return "bad-status-line" }
        var value: UInt16 = 0
        for at in from &+ 9..<from &+ 12 {
            let digit = base.byte(at) &- 0x30
            guard digit < 10 else { return "bad-status-line" }
            value = value &* 10 &+ UInt16(digit)
        }
        guard (100...599).contains(value) else { return "bad-status" }
        for at in from &+ 13..<to {
            let byte = base.byte(at)
            guard byte >= ASCII.space && byte != 0x7F || byte == ASCII.tab else {
                return FieldLines.badByte(byte)
            }
        }
        minorVersion = minor
        status = value
        return nil
    }

    /// Whether these first bytes can still become a status line.
    fileprivate static func mayBegin(_ base: UnsafeRawPointer, count: Int) -> Bool {
        let wanted: StaticString = "HTTP/1."
        for at in 0..<min(count, wanted.utf8CodeUnitCount) where base.byte(at) != wanted.utf8Start[at] {
            return false
        }
        return true
    }
}
