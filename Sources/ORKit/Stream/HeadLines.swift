/// The lines of a head, request or response. Those that stand as they stood
/// in the head before on the connection are taken over; the others are cut for
/// the parser, which reads them.
struct HeadLines: ~Copyable, Sendable {
    /// What the field lines so far say.
    var block = FieldLines()
    /// Whether the request or status line is read, or taken over: it is still
    /// in the parser's head then.
    var hasFirst = false
    private var cursor = LineCursor()
    private var recent = RecentHead()
    /// Whether anything in this head was not in the one before.
    private var isNews = false
    private var isComplete = false

    /// How long the lines so far are with their CRLF.
    var length: Int { cursor.start }

    /// Turns to the next message.
    ///
    /// - Parameter fields: those of the head that was read last; empty
    ///   afterwards, with room.
    mutating func reset(_ fields: inout [Field]) {
        // An unfinished head has left its first line with the parser: what came before it is no help any more.
        if !isComplete { recent.forget() }
        if isNews { recent.take(&fields) } else { fields.removeAll(keepingCapacity: true) }
        isComplete = false
        isNews = false
        hasFirst = false
        cursor = LineCursor()
        block.reset()
    }

    /// The next line that did not stand in the head before.
    @inline(__always)
    mutating func next(_ base: UnsafeRawPointer, count: Int, limits: HeadLimits) -> LineCursor.Step {
        while takeRepeated(base, to: min(count, limits.block)) {}
        let step = cursor.next(base, count: count, limits: limits)
        if case .line(let from, let to) = step, from < to { isNews = true }
        return step
    }

    /// The empty line was read and nothing was wrong: keeps the head for the
    /// next one.
    @inline(__always)
    mutating func complete(_ base: UnsafeRawPointer) {
        isComplete = true
        if isNews { recent.keep(base, count: cursor.start) }
    }

    /// Takes what stands where it stood in the head before: all lines up to
    /// the first that is new, and single ones behind it.
    @inline(__always)
    private mutating func takeRepeated(_ base: UnsafeRawPointer, to stop: Int) -> Bool {
        guard cursor.isAtStartOfLine else { return false }
        if !hasFirst {
            let (fields, length) = recent.beginning(base, to: stop)
            guard length > 0 else { return false }
            hasFirst = true
            block.take(fields)
            cursor.skip(length)
            return true
        }
        let (number, start) = (block.fields.count &+ 1, cursor.start)
        let length = recent.lengthRepeated(number, base, at: start, to: stop)
        guard length > 0 else { return false }
        block.take(recent.field(number, at: start))
        cursor.skip(length)
        return true
    }
}
