import NIOCore

/// How much of an upstream's connection is read at once: more where a read was
/// full. Little at first: a caller that stops reading is noticed between two
/// reads, and what was read for it until then stays in memory. Confined to its
/// event loop.
final class AnswerReads: SpareReads, @unchecked Sendable {
    let buffers: SpareBuffers
    private(set) var size = SpareBuffers.smallest
    var hasBegun = false

    private static let largest = 16 << 10

    init(into buffers: SpareBuffers) { self.buffers = buffers }

    func noteRead(of count: Int) {
        if count >= size {
            size = Self.largest
        } else if count < SpareBuffers.smallest {
            size = SpareBuffers.smallest
        }
    }
}
