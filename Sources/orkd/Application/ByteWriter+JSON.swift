import ORKit

extension ByteWriter {
    /// The most bytes that `put(json:)` takes.
    static func longest(json text: String) -> Int { 6 * text.utf8.count + 2 }

    /// A JSON string with its quotes. Everything that is not plain is escaped,
    /// line separators included, so that the text also fits one SSE line.
    mutating func put(json text: String) {
        var text = text
        // Read where it lies: a view of the text takes several times longer.
        text.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            put("\"")
            // Nearly all text is plain, and is copied in one piece.
            var plain = 0
            for at in bytes.indices where !Self.isPlain(bytes[at]) {
                put(bytes.part(plain..<at))
                put(escaped: bytes[at])
                plain = at + 1
            }
            put(bytes.part(plain..<bytes.count))
            put("\"")
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte != 0x7F
    }

    private mutating func put(escaped byte: UInt8) {
        switch byte {
        case 0x22: put("\\\"")
        case 0x5C: put("\\\\")
        default:
            put("\\u00")
            put([Self.hexDigits[Int(byte >> 4)], Self.hexDigits[Int(byte & 15)]])
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
