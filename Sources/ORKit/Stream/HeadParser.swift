/// Reads the head of a request, strictly (reliability.md F7, B4-9, B4-10):
/// whatever two parsers could read differently is refused.
///
/// One per connection, reused for each message: its arrays keep their
/// storage, so a head costs no allocation as long as nobody holds a copy of
/// the one before.
package struct HeadParser: ~Copyable, Sendable {
    private let limits: HeadLimits
    private var lines = HeadLines()
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
        lines.reset(&head.fields)
        head.connectionNamed.removeAll(keepingCapacity: true)
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
            switch lines.next(base, count: bytes.count, limits: limits) {
            case .line(let from, let to):
                if !lines.hasFirst {
                    if let refusal = head.readRequestLine(base, from: from, to: to) { return refuse(refusal) }
                    lines.hasFirst = true
                } else if from < to {
                    if let rule = lines.block.take(base, from: from, to: to, allowsOpaque: false) {
                        return refuse(HeadRefusal(.badRequest, rule))
                    }
                    if lines.block.fields.count > limits.fields {
                        return refuse(HeadRefusal(.headTooLarge, "too-many-fields"))
                    }
                } else {
                    if let refusal = finish(base) { return refuse(refusal) }
                    lines.complete(base)
                    return .complete(length: lines.length)
                }
            case .partial:
                if !lines.hasFirst, let refusal = RequestHead.earlyFault(base, count: bytes.count) {
                    return refuse(refusal)
                }
                return .incomplete
            case .bareLF: return refuse(HeadRefusal(.badRequest, "bare-lf"))
            case .lineTooLong: return refuse(HeadRefusal(.headTooLarge, "line-too-long"))
            case .blockTooLong: return refuse(HeadRefusal(.headTooLarge, "head-too-long"))
            }
        }
    }

    /// A refusal is final: what follows on the connection is never read.
    private mutating func refuse(_ refusal: HeadRefusal) -> HeadProgress {
        fault = refusal
        return .refused(refusal)
    }

    private mutating func finish(_ base: UnsafeRawPointer) -> HeadRefusal? {
        if let rule = lines.block.interpret(base, minorVersion: head.minorVersion) {
            return HeadRefusal(.badRequest, rule)
        }
        if lines.block.kinds & (FieldKind.upgrade.bit | FieldKind.http2Settings.bit) != 0 {
            return HeadRefusal(.badRequest, "upgrade")
        }
        head.kinds = lines.block.kinds
        head.keepAlive = lines.block.persists(minorVersion: head.minorVersion)
        if lines.block.isChunked {
            head.framing = .chunked
        } else if let length = lines.block.length {
            head.framing = .length(length)
        } else {
            head.framing = .none
        }
        swap(&head.fields, &lines.block.fields)
        swap(&head.connectionNamed, &lines.block.connectionNamed)
        return head.readHost(base, repeated: lines.block.repeated)
            ?? head.readExpect(base, repeated: lines.block.repeated)
    }
}
