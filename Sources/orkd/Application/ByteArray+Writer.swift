import ORKit

extension [UInt8] {
    /// What `write` writes.
    ///
    /// - Parameter bound: the most bytes that this is; nothing comes of more.
    init(atMost bound: Int, _ write: (inout ByteWriter) -> Void) {
        self = []
        append(atMost: bound, write)
    }

    /// Appends what `write` writes, in one piece.
    ///
    /// - Parameter bound: the most bytes that this is; nothing comes of more.
    mutating func append(atMost bound: Int, _ write: (inout ByteWriter) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: bound, alignment: 1) { region in
            var writer = ByteWriter(region)
            write(&writer)
            append(contentsOf: UnsafeRawBufferPointer(region).part(0..<writer.length))
        }
    }

    mutating func append(_ text: StaticString) { text.withUTF8Buffer { append(contentsOf: $0) } }
}
