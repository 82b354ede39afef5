import NIOCore

/// Buffers for heads and answers on their way out, used again and again: what
/// is written leaves with the flush as a rule, and then nobody else holds its
/// memory. Confined to one event loop.
struct BufferStack {
    private var free: [ByteBuffer] = []

    /// No more are kept, and none larger: a burst must not stay in memory.
    private static let bound = 16
    private static let largest = 32 << 10
    private static let smallest = 4 << 10

    /// An empty buffer with room for so many bytes.
    mutating func take(_ capacity: Int) -> ByteBuffer {
        guard capacity <= Self.largest, var buffer = free.popLast() else {
            return ByteBufferAllocator().buffer(capacity: max(capacity, Self.smallest))
        }
        buffer.reserveCapacity(capacity)
        return buffer
    }

    /// Takes a buffer back after its flush. Should a slow peer still hold the
    /// bytes, they stay as they are and other memory is kept.
    mutating func give(_ buffer: consuming ByteBuffer) {
        guard free.count < Self.bound, buffer.storageCapacity <= Self.largest else { return }
        buffer.clear()
        free.append(buffer)
    }
}
