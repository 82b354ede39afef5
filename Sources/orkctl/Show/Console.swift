import Glibc
internal import ORKit

/// A stream to the outside, written in large pieces.
final class Console {
    let descriptor: Int32
    let isTerminal: Bool
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
    }

    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 32_768 { try flush() }
    }

    func flush() throws {
        defer { buffer.removeAll(keepingCapacity: true) }
        try Self.write(buffer, to: descriptor)
    }

    /// - Throws: `PipeClosed` when nobody reads any more, else
    ///   `output-failed`.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
            } else if count < 0, errno == EPIPE {
                throw PipeClosed()
            } else if count < 0, errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
            } else if errno != EINTR {
                throw CodedError(.outputFailed, "cannot write the result: \(SystemText.of(errno))")
            }
        }
    }
}

/// The reader of our output has left, as `head` does: an end without words.
struct PipeClosed: Error {}
