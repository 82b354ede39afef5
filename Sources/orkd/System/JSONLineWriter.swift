/// Writes one JSON object without spaces or newlines (RFC 8259).
struct JSONLineWriter {
    var bytes: [UInt8] = []
    private var needsComma = false

    mutating func open(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(truncatingIfNeeded: bracket.value))
        needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(truncatingIfNeeded: bracket.value))
        needsComma = true
    }

    mutating func field(_ name: String, _ value: LogLine.Value) {
        comma()
        string(name)
        bytes.append(UInt8(ascii: ":"))
        write(value)
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func write(_ value: LogLine.Value) {
        switch value {
        case .text(let text): string(text)
        case .integer(let number): bytes += String(number).utf8
        case .list(let items):
            open("[")
            for item in items {
                comma()
                write(item)
            }
            close("]")
        case .object(let fields):
            open("{")
            for (name, value) in fields { field(name, value) }
            close("}")
        }
    }

    private mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: bytes += "\\n".utf8
            case 0x00..<0x20, 0x7F:
                bytes += "\\u00".utf8 + [Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
