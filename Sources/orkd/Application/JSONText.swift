/// JSON written directly as bytes: for the error bodies of the data path,
/// where a general encoder costs more than the answer.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    /// Text that is JSON already: punctuation, names, numbers.
    mutating func raw(_ text: StaticString) { bytes.append(text) }

    mutating func number(_ value: Int64) { bytes.append(decimal: value) }

    mutating func number(_ value: Int) { bytes.append(decimal: Int64(value)) }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    /// A JSON string with its quotes. Everything that is not plain is escaped,
    /// line separators included, so that the text also fits one SSE line.
    mutating func string(_ text: String) {
        bytes.append(0x22)
        // Nearly all text is plain, and is copied in one piece.
        if text.utf8.allSatisfy(Self.isPlain) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 { escape(byte) }
        }
        bytes.append(0x22)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte != 0x7F
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case _ where Self.isPlain(byte):
            bytes.append(byte)
        case 0x22, 0x5C:
            bytes.append(0x5C)
            bytes.append(byte)
        default:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(Self.digits[Int(byte >> 4)])
            bytes.append(Self.digits[Int(byte & 15)])
        }
    }

    /// A number with a fraction, as it stands: no binary one has its digits.
    mutating func decimal(_ digits: String) { bytes.append(contentsOf: digits.utf8) }

    mutating func stringOrNull(_ text: String?) {
        if let text { string(text) } else { raw("null") }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
