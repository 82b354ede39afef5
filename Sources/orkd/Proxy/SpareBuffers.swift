import NIOCore

/// The memory in which heads and answers leave, used again and again: what is
/// written is gone with the flush as a rule, and then nobody else holds it.
/// A few are enough for a loop: as many as it flushes together. Confined to it.
struct SpareBuffers {
    private var spare: [ByteBuffer] = []

    /// A larger one is not kept: a burst must not stay in memory.
    private static let largest = 32 << 10
    private static let smallest = 4 << 10

    /// An empty buffer with room for so many bytes.
    mutating func take(_ capacity: Int) -> ByteBuffer {
        guard let taken = spare.popLast(), taken.capacity >= capacity else {
            return ByteBufferAllocator().buffer(capacity: max(capacity, Self.smallest))
        }
        return taken
    }

    /// Takes a buffer back after its flush. Should a slow peer still hold the
    /// bytes, they stay as they are and other memory is kept.
    mutating func give(_ buffer: consuming ByteBuffer) {
        guard buffer.capacity >= Self.smallest, buffer.capacity <= Self.largest,
            spare.count < LoopContext.flushBound
        else { return }
        buffer.clear()
        spare.append(buffer)
    }
}
