import NIOCore
import Testing

@testable import orkd

@Suite("the memory that a loop reads and writes with")
struct SpareBuffersTests {
    private let buffers = SpareBuffers()

    /// Where its bytes lie.
    private func place(_ buffer: ByteBuffer) -> UInt {
        buffer.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }

    @Test("what was given back last is taken next, empty, whatever part of it was looked at")
    func lastFirst() {
        var first = buffers.take(100)
        var second = buffers.take(100)
        let (one, other) = (place(first), place(second))
        first.writeString("head and body")
        var body = ByteBuffer()
        if let part = first.getSlice(at: 9, length: 4) { body = part }
        first = ByteBuffer()
        buffers.give(second.letGo())
        buffers.give(body.letGo())
        let taken = buffers.take(SpareBuffers.smallest)
        #expect(place(taken) == one && taken.readableBytes == 0 && taken.capacity >= SpareBuffers.smallest)
        #expect(place(buffers.take(1)) == other)
    }

    @Test("what somebody still looks at stays as it is and is nobody else's")
    func shared() {
        var written = buffers.take(100)
        written.writeString("kept")
        let kept = written
        buffers.give(written.letGo())
        var taken = buffers.take(100)
        taken.writeString("other")
        #expect(place(taken) != place(kept))
        #expect(String(buffer: kept) == "kept")
    }

    @Test(
        "a buffer has the room that was asked for", arguments: [0, 1, 4096, 4097, 70_000, 131_072, 200_000])
    func room(size: Int) {
        for _ in 0..<3 {
            var taken = buffers.take(size)
            #expect(taken.capacity >= size)
            buffers.give(taken.letGo())
        }
        // One of another size in between does not take its place.
        buffers.give(ByteBufferAllocator().buffer(capacity: 6000))
        #expect(buffers.take(size).capacity >= size)
    }

    @Test("what nobody needed between two looks is freed, what was needed stays")
    func burst() {
        for _ in 0..<20 { buffers.give(ByteBufferAllocator().buffer(capacity: SpareBuffers.smallest)) }
        buffers.letGoOfUnused()
        #expect(!buffers.isEmpty)
        var needed = buffers.take(1)
        let place = place(needed)
        buffers.give(needed.letGo())
        buffers.letGoOfUnused()
        #expect(self.place(buffers.take(1)) == place)
        #expect(buffers.isEmpty)
    }
}
