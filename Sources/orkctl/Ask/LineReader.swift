import Glibc
internal import ORKit

/// Lines of a file or pipe, each as soon as it is there.
final class LineReader {
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var isOver = false

    /// No command is longer.
    private static let longest = 1 << 20

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// - Returns: nil at the end.
    func next() throws -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeSubrange(...end) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            if isOver {
                defer { pending = [] }
                return pending.isEmpty ? nil : String(decoding: pending, as: UTF8.self)
            }
            try fill()
        }
    }

    private func fill() throws {
        guard pending.count <= Self.longest else {
            throw CodedError(.badFormat, "a line is longer than 1 MiB")
        }
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR {
            if Interrupt.wasAsked { throw CodedError(.interrupted, hints: []) }
            return
        }
        guard count >= 0 else {
            throw CodedError(.inputUnreadable, "cannot read a line: \(SystemText.of(errno))")
        }
        if count == 0 { isOver = true }
        pending += chunk[..<count]
    }
}
