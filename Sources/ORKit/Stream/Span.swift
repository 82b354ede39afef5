/// Where something lies in the bytes of a message, counted from the first
/// byte of the message. Half as large as a `Range<Int>`, because a head has
/// two of them per field.
package struct Span: Hashable, Sendable {
    package let start: Int32
    package let count: Int32

    /// Both must fit 31 bits: heads are at most 32 KiB.
    @inline(__always)
    init(_ start: Int, _ end: Int) {
        self.start = Int32(truncatingIfNeeded: start)
        count = Int32(truncatingIfNeeded: end &- start)
    }

    static let empty = Span(0, 0)

    package var range: Range<Int> {
        let lower = Int(max(start, 0))
        return lower..<lower + Int(max(count, 0))
    }
}

/// One header field.
package struct Field: Hashable, Sendable {
    package let name: Span
    /// Without the blanks around it.
    package let value: Span
    package let kind: FieldKind
}
