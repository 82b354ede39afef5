/// Reads the head of a request, strictly (reliability.md F7, B4-9, B4-10):
/// whatever two parsers could read differently is refused.
///
/// One per connection, reused for each message: its arrays keep their
/// storage, so a head costs no allocation as long as nobody holds a copy of
/// the one before.
package struct HeadParser: ~Copyable, Sendable {
    private let limits: HeadLimits
    private var lines = LineCursor()
    private var block = FieldLines()
    private var hasRequestLine = false
    private var recent = RecentHead()
    /// Whether anything in this head was not in the one before.
    private var isNews = false
    private var isComplete = false
    private var fault: HeadRefusal?
    /// Valid after `.complete`, until `reset`.
    package private(set) var head = RequestHead()

    package init(limits: HeadLimits = HeadLimits()) { self.limits = limits }

    /// The head in its place: who reads it through a reference copies it.
    @inline(__always)
    package func read<Answer>(_ body: (borrowing RequestHead) -> Answer) -> Answer { body(head) }

    /// The first field of that kind.
    package func first(_ kind: FieldKind) -> Field? { head.first(kind) }

    /// Forgets the message, keeps the storage.
    package mutating func reset() {
        // An unfinished head has left its first line in `head`: what came before it is no help any more.
        if !isComplete { recent.forget() }
        if isNews { recent.take(&head.fields) } else { head.fields.removeAll(keepingCapacity: true) }
        isComplete = false
        isNews = false
        lines = LineCursor()
        block.reset()
        head.connectionNamed.removeAll(keepingCapacity: true)
        hasRequestLine = false
        fault = nil
        head.host = nil
        head.framing = .none
        head.expectsContinue = false
        head.kinds = 0
    }

    /// Reads on.
    ///
    /// - Parameter bytes: everything received of this message so far, from
    ///   its first byte. May lie elsewhere at each call.
    package mutating func parse(_ bytes: UnsafeRawBufferPointer) -> HeadProgress {
        if let fault { return .refused(fault) }
        guard let base = bytes.baseAddress, bytes.count > 0 else { return .incomplete }
        while true {
            if takeRepeated(base, to: min(bytes.count, limits.block)) { continue }
            switch lines.next(base, count: bytes.count, limits: limits) {
            case .line(let from, let to):
                isNews = isNews || from < to
                if !hasRequestLine {
                    if let refusal = head.readRequestLine(base, from: from, to: to) { return refuse(refusal) }
                    hasRequestLine = true
                } else if from < to {
                    if let rule = block.take(base, from: from, to: to, allowsOpaque: false) {
                        return refuse(HeadRefusal(.badRequest, rule))
                    }
                    if block.fields.count > limits.fields {
                        return refuse(HeadRefusal(.headTooLarge, "too-many-fields"))
                    }
                } else {
                    if let refusal = finish(base) { return refuse(refusal) }
                    isComplete = true
                    if isNews { recent.keep(base, count: lines.start) }
                    return .complete(length: lines.start)
                }
            case .partial:
                if !hasRequestLine, let refusal = RequestHead.earlyFault(base, count: bytes.count) {
                    return refuse(refusal)
                }
                return .incomplete
            case .bareLF: return refuse(HeadRefusal(.badRequest, "bare-lf"))
            case .lineTooLong: return refuse(HeadRefusal(.headTooLarge, "line-too-long"))
            case .blockTooLong: return refuse(HeadRefusal(.headTooLarge, "head-too-long"))
            }
        }
    }

    /// Takes what stands where it stood in the head before: all lines up to
    /// the first that is new, and single ones behind it. The request line is
    /// still in `head` then.
    @inline(__always)
    private mutating func takeRepeated(_ base: UnsafeRawPointer, to stop: Int) -> Bool {
        guard lines.isAtStartOfLine else { return false }
        if !hasRequestLine {
            let (fields, length) = recent.beginning(base, to: stop)
            guard length > 0 else { return false }
            hasRequestLine = true
            block.take(fields)
            lines.skip(length)
            return true
        }
        let (number, start) = (block.fields.count &+ 1, lines.start)
        let length = recent.lengthRepeated(number, base, at: start, to: stop)
        guard length > 0 else { return false }
        block.take(recent.field(number, at: start))
        lines.skip(length)
        return true
    }

    /// A refusal is final: what follows on the connection is never read.
    private mutating func refuse(_ refusal: HeadRefusal) -> HeadProgress {
        fault = refusal
        return .refused(refusal)
    }

    private mutating func finish(_ base: UnsafeRawPointer) -> HeadRefusal? {
        if let rule = block.interpret(base, minorVersion: head.minorVersion) {
            return HeadRefusal(.badRequest, rule)
        }
        if block.kinds & (FieldKind.upgrade.bit | FieldKind.http2Settings.bit) != 0 {
            return HeadRefusal(.badRequest, "upgrade")
        }
        head.kinds = block.kinds
        head.keepAlive = block.persists(minorVersion: head.minorVersion)
        if block.isChunked {
            head.framing = .chunked
        } else if let length = block.length {
            head.framing = .length(length)
        } else {
            head.framing = .none
        }
        swap(&head.fields, &block.fields)
        swap(&head.connectionNamed, &block.connectionNamed)
        return head.readHost(base, repeated: block.repeated)
            ?? head.readExpect(base, repeated: block.repeated)
    }
}
