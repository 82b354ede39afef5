import NIOCore
import ORKit

/// Writes one relayed answer to the caller, framed anew by us: what an
/// upstream sent as framing never reaches a caller.
///
/// Small pieces are gathered and leave together at `flush`; large ones leave
/// as they came, without a copy.
struct CallerAnswer {
    private let framing: BodyFraming
    /// Whether the head said that the connection lives on.
    let keepsConnection: Bool
    /// Something of ours may stand in the body.
    private let takesNote: Bool
    private var out: ByteBuffer
    /// While shut, the tail gate keeps what must not leave before the
    /// settlement is on disk (ruling 2).
    private var gate: ByteBuffer?
    private(set) var bytes: Int64 = 0

    /// Pieces from this size on are not copied.
    static let copyBound = 8 << 10

    /// - Parameters:
    ///   - keepAlive: as the head says; without effect where the end of the
    ///     connection is the end of the body.
    ///   - takesNote: false where a length was promised that knows of nothing
    ///     of ours.
    ///   - out: a buffer of the loop with the written head; it leaves with
    ///     the first piece.
    init(framing: BodyFraming, keepAlive: Bool, takesNote: Bool, out: consuming ByteBuffer) {
        self.framing = framing
        self.takesNote = takesNote
        keepsConnection = keepAlive && !framing.endsByClosing
        self.out = out
    }

    /// What follows is kept back until `openGate`.
    mutating func shutGate() { if gate == nil { gate = ByteBuffer() } }

    mutating func openGate(to door: FrontDoor) {
        guard let kept = gate else { return }
        gate = nil
        if kept.readableBytes > 0 { write(kept, to: door) }
    }

    mutating func body(_ slice: consuming ByteBuffer, to door: FrontDoor) {
        guard slice.readableBytes > 0 else { return }
        bytes += Int64(slice.readableBytes)
        switch gate?.readableBytes {
        case nil: write(slice, to: door)
        case 0: gate = slice
        default: gate?.writeImmutableBuffer(slice)
        }
    }

    /// Puts something of ours before what the gate holds back, where it takes
    /// that. It is never long, and leaves with what was gathered.
    mutating func insert(_ note: [UInt8], to door: FrontDoor) {
        // A chunk without bytes would be the end of the body.
        guard takesNote, !framing.isNone, !note.isEmpty else { return }
        beginPiece(of: note.count, to: door)
        out.writeBytes(note)
        if framing.isChunked { out.writeStaticString("\r\n") }
    }

    private mutating func beginPiece(of count: Int, to door: FrontDoor) {
        if out.capacity == 0 { out = door.loop.buffers.take(min(count, Self.copyBound) + Self.framingBound) }
        if framing.isChunked { Self.writeChunkSize(count, into: &out) }
    }

    private mutating func write(_ slice: consuming ByteBuffer, to door: FrontDoor) {
        let chunked = framing.isChunked
        beginPiece(of: slice.readableBytes, to: door)
        if slice.readableBytes < Self.copyBound {
            out.writeImmutableBuffer(slice)
            if chunked { out.writeStaticString("\r\n") }
            door.loop.buffers.give(slice)
        } else {
            if out.readableBytes > 0 { door.write(out) }
            door.write(slice)
            out = chunked ? ByteBuffer(staticString: "\r\n") : ByteBuffer()
        }
    }

    /// Hands over what was gathered.
    mutating func flush(to door: FrontDoor) {
        guard out.readableBytes > 0 else {
            door.flush()
            return
        }
        let sent = out.letGo()
        door.give(sent)
        door.loop.buffers.give(consume sent)
    }

    /// The body is complete: says so in the framing's own way.
    mutating func end(to door: FrontDoor) {
        openGate(to: door)
        if framing.isChunked {
            if out.capacity == 0 { out = door.loop.buffers.take(Self.framingBound) }
            out.writeStaticString("0\r\n\r\n")
        }
        flush(to: door)
    }

    /// Room for a chunk's size and the line ends around it.
    private static let framingBound = 24

    /// Whether the caller knows the end only by the end of the connection.
    var endsByClosing: Bool { framing.endsByClosing }

    private static func writeChunkSize(_ size: Int, into out: inout ByteBuffer) {
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: 18) { region in
            var digits = 1
            while digits < 16, size >> (4 * digits) != 0 { digits += 1 }
            for place in 0..<digits {
                let nibble = UInt8(truncatingIfNeeded: size >> (4 * (digits - 1 - place)) & 15)
                region[place] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
            }
            region[digits] = 0x0D
            region[digits + 1] = 0x0A
            return digits + 2
        }
    }
}
