/// Cuts a message head into its lines as bytes arrive. Remembers how far it
/// has looked, so that a head that comes byte by byte is still read once.
struct LineCursor: Sendable {
    /// Where the line begins that is looked for now.
    private(set) var start = 0
    private var searched = 0

    /// Whether nothing of the line that is looked for has been seen yet.
    @inline(__always)
    var isAtStartOfLine: Bool { searched == start }

    /// Passes over a line whose length, CRLF included, is known.
    @inline(__always)
    mutating func skip(_ length: Int) {
        start &+= length
        searched = start
    }

    enum Step {
        /// The line without its CRLF.
        case line(from: Int, to: Int)
        case partial
        /// A line that ends in LF alone.
        case bareLF
        case lineTooLong
        case blockTooLong
    }

    @inline(__always)
    mutating func next(_ base: UnsafeRawPointer, count: Int, limits: HeadLimits) -> Step {
        let lineEnd = start &+ limits.line &+ 2
        let stop = min(count, lineEnd, limits.block)
        let lf = base.firstIndex(of: ASCII.lf, from: min(searched, stop), to: stop)
        guard lf < stop else {
            searched = stop
            if stop == lineEnd { return .lineTooLong }
            return stop == limits.block ? .blockTooLong : .partial
        }
        let from = start
        guard lf > from, base.byte(lf &- 1) == ASCII.cr else { return .bareLF }
        start = lf &+ 1
        searched = start
        return .line(from: from, to: lf &- 1)
    }
}
