import NIOCore
import ORKit

/// How much of a caller's connection is read at once: as much as its last
/// request was long. One like it then comes in one piece as a rule, which is
/// neither waited for twice nor copied together. Confined to its event loop.
final class RequestReads: SpareReads, @unchecked Sendable {
    let buffers: SpareBuffers
    private(set) var size = SpareBuffers.smallest
    var hasBegun = false

    /// Beyond the 64 KiB that loopback carries in one piece; large bodies come
    /// in pieces of this.
    static let largest = 128 << 10

    init(into buffers: SpareBuffers) { self.buffers = buffers }

    /// Takes note of the message whose head was just read.
    ///
    /// - Parameter head: its length in octets.
    func expect(head: Int, _ framing: BodyFraming) {
        let body =
            switch framing {
            case .none: 0
            case .length(let length): Int(min(length, Int64(Self.largest)))
            // Only its end will tell.
            case .chunked, .untilClose: Self.largest
            }
        size = min(head + body, Self.largest)
    }

    func noteRead(of count: Int) {}
}
