import NIOCore

/// How a connection is read into memory of its loop instead of its own: each
/// read takes a buffer, and whoever is done with the bytes gives it back.
///
/// swift-nio keeps the buffers it read into as long as the channel lives, as
/// many as `maxMessagesPerRead` says: that has to be 1. Then it keeps the first
/// one only, and is told that each next one may be larger, so that it asks.
protocol SpareReads: AnyObject, RecvByteBufferAllocator {
    var buffers: SpareBuffers { get }
    /// How much the next read takes at most, in octets.
    var size: Int { get }
    /// Whether swift-nio has its buffer.
    var hasBegun: Bool { get set }
    func noteRead(of count: Int)
}

extension SpareReads {
    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        if hasBegun { return buffers.take(size) }
        hasBegun = true
        return allocator.buffer(capacity: keptForLife)
    }

    /// What an idle connection costs: less than a spare one, enough for most
    /// heads with their bodies.
    private var keptForLife: Int { 2 << 10 }

    func record(actualReadBytes count: Int) -> Bool {
        noteRead(of: count)
        return true
    }
}
