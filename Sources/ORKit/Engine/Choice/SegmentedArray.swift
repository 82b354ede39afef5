/// An array whose growth never moves what is in it: elements lie in segments
/// of fixed size.
///
/// For what is large and changed under the engine's lock. A plain array of
/// 100,000 keys copies 50 MB when it grows, and every request waits for that.
struct SegmentedArray<Element: Sendable>: Sendable {
    private var segments: [ContiguousArray<Element>] = []
    private(set) var count = 0

    /// Elements in one segment: 2 to the power of this.
    private static var shift: Int { 8 }
    private static var mask: Int { 1 << shift - 1 }

    var indices: Range<Int> { 0..<count }

    /// The index must be in `indices`.
    subscript(index: Int) -> Element {
        _read { yield segments[index >> Self.shift][index & Self.mask] }
        _modify { yield &segments[index >> Self.shift][index & Self.mask] }
    }

    mutating func append(_ element: Element) {
        if count & Self.mask == 0 {
            var segment = ContiguousArray<Element>()
            segment.reserveCapacity(1 << Self.shift)
            segments.append(segment)
        }
        segments[count >> Self.shift].append(element)
        count += 1
    }
}
