import NIOCore

/// The memory in which everything is read and written, of one loop: the last
/// that was given back is the next that is taken. Were it each connection's
/// own, as swift-nio has it, many connections at once would go through more of
/// it than the processor's cache holds (docs/performance.md). Confined to its
/// loop.
final class SpareBuffers: @unchecked Sendable {
    /// Buffers with room for `smallest` at least, for twice as much, and so on.
    private var shelves = [Shelf](repeating: Shelf(), count: SpareBuffers.shelfCount)

    private struct Shelf {
        var buffers: [ByteBuffer] = []
        /// The fewest that were on it since `letGoOfUnused`.
        var low = 0
    }

    /// Room, in octets, that any buffer has.
    static let smallest = 4 << 10
    /// From `smallest` to 128 KiB: larger ones are not kept.
    private static let shelfCount = 6

    /// Nothing waits to be taken.
    var isEmpty: Bool { shelves.allSatisfy { $0.buffers.isEmpty } }

    /// An empty buffer with room for so many bytes.
    func take(_ capacity: Int) -> ByteBuffer {
        let number = Self.shelf(holding: capacity)
        guard number < Self.shelfCount else { return ByteBufferAllocator().buffer(capacity: capacity) }
        guard let taken = shelves[number].buffers.popLast() else {
            return ByteBufferAllocator().buffer(capacity: Self.smallest << number)
        }
        shelves[number].low = min(shelves[number].low, shelves[number].buffers.count)
        return taken
    }

    /// Takes memory back. Nothing happens while others still look at a part of
    /// it: the last one may give it back.
    func give(_ buffer: consuming ByteBuffer) {
        guard buffer.storageCapacity >= Self.smallest,
            buffer.modifyIfUniquelyOwned({ $0.clear() }) != nil
        else { return }
        // What is larger than the shelf says is as good; what is larger than any is not kept.
        let number = Self.shelf(holding: buffer.capacity / 2 + 1)
        guard number < Self.shelfCount else { return }
        shelves[number].buffers.append(buffer)
    }

    /// Frees what nobody needed since this was called last, so that the memory
    /// of a burst does not stay.
    func letGoOfUnused() {
        for number in shelves.indices {
            let unused = shelves[number].low
            if unused > 0 { shelves[number].buffers.removeFirst(unused) }
            shelves[number].low = shelves[number].buffers.count
        }
    }

    /// The lowest one whose buffers have room for so many bytes.
    private static func shelf(holding capacity: Int) -> Int {
        let last = max(capacity, smallest) - 1
        return Int.bitWidth - last.leadingZeroBitCount - smallest.trailingZeroBitCount
    }
}

extension ByteBuffer {
    /// Itself, leaving none of its memory behind.
    mutating func letGo() -> ByteBuffer {
        var own = ByteBuffer()
        swap(&own, &self)
        return own
    }
}
