internal import ORKit

/// Cuts a stream of bytes into lines and hands each one over once it is whole.
/// Holds no more than one line.
final class LineSplitter {
    /// A record of the control API is far shorter; longer is not one.
    static let longestLine = 16 << 20

    private var pending: [UInt8] = []
    private let line: ([UInt8]) throws -> Void

    init(_ line: @escaping ([UInt8]) throws -> Void) { self.line = line }

    func take(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            pending.append(contentsOf: rest[..<end])
            rest = rest[(end + 1)...]
            try flush()
        }
        pending.append(contentsOf: rest)
        guard pending.count <= Self.longestLine else {
            throw CodedError(.protocolMismatch, "the daemon's answer is too long to be one of its own")
        }
    }

    /// The last line may come without its newline.
    func end() throws { try flush() }

    private func flush() throws {
        let whole = pending
        pending.removeAll(keepingCapacity: true)
        if whole.contains(where: { $0 > 0x20 }) { try line(whole) }
    }
}
