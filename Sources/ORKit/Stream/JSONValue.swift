/// A small JSON document, read strictly (RFC 8259): for error bodies and other
/// short answers of upstreams, never for the data path.
///
/// At most 64 KiB and 64 levels; numbers stay text so that nothing is rounded;
/// a member that comes twice counts the first time.
package indirect enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// As written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: JSONValue
    }

    package static let maximumBytes = 64 * 1024
    package static let maximumDepth = 64

    /// A whole document. Nil unless it is valid JSON within the bounds.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.maximumBytes else { return nil }
        var reader = JSONReader(bytes: bytes, mayBeCut: false)
        guard let value = reader.document() else { return nil }
        self = value
    }

    /// The beginning of a document: what was complete when the bytes ended
    /// counts, the rest is as if it were not there. Nil if already the
    /// beginning is not JSON.
    package init?(prefix bytes: [UInt8]) {
        var reader = JSONReader(bytes: Array(bytes.prefix(Self.maximumBytes)), mayBeCut: true)
        guard let value = reader.document() else { return nil }
        self = value
    }

    /// The first member of that name; nil also when this is no object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// Members of members: `body[path: "error", "metadata", "raw"]`.
    package subscript(path names: String...) -> JSONValue? {
        var value = self
        for name in names {
            guard let next = value[name] else { return nil }
            value = next
        }
        return value
    }

    /// The first element of an array.
    package var first: JSONValue? {
        guard case .array(let elements) = self else { return nil }
        return elements.first
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The text of a string or of a number, whichever it is.
    package var scalar: String? {
        switch self {
        case .string(let text), .number(let text): text
        default: nil
        }
    }

    /// A whole number that fits, from a number or a string of digits.
    package var integer: Int64? { scalar.flatMap { Int64($0) } }

    package var isNull: Bool { self == .null }
}

/// Recursive descent over bytes; nil means "not JSON", or "cut off here" when
/// `ended` is set.
private struct JSONReader {
    let bytes: [UInt8]
    let mayBeCut: Bool
    private var position = 0
    private var ended = false

    init(bytes: [UInt8], mayBeCut: Bool) {
        self.bytes = bytes
        self.mayBeCut = mayBeCut
    }

    mutating func document() -> JSONValue? {
        guard let value = value(depth: 0) else { return nil }
        skipSpace()
        return position == bytes.count || mayBeCut ? value : nil
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < JSONValue.maximumDepth, let byte = peek() else { return nil }
        switch byte {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return text().map { .string($0) }
        case UInt8(ascii: "t"): return literal("true").map { .bool(true) }
        case UInt8(ascii: "f"): return literal("false").map { .bool(false) }
        case UInt8(ascii: "n"): return literal("null").map { .null }
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        position += 1
        var members: [JSONValue.Member] = []
        if peek() == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            guard peek() == UInt8(ascii: "\""), let name = text(), peek() == UInt8(ascii: ":") else {
                return cut(.object(members))
            }
            position += 1
            guard let value = value(depth: depth + 1) else { return cut(.object(members)) }
            members.append(.init(name: name, value: value))
            switch peek() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return .object(members)
            default: return cut(.object(members))
            }
        }
    }

    private mutating func array(depth: Int) -> JSONValue? {
        position += 1
        var elements: [JSONValue] = []
        if peek() == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            guard let value = value(depth: depth + 1) else { return cut(.array(elements)) }
            elements.append(value)
            switch peek() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return .array(elements)
            default: return cut(.array(elements))
            }
        }
    }

    private func cut(_ partial: JSONValue) -> JSONValue? { ended && mayBeCut ? partial : nil }

    /// The next byte that is not white space, without taking it.
    private mutating func peek() -> UInt8? {
        skipSpace()
        guard position < bytes.count else {
            ended = true
            return nil
        }
        return bytes[position]
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func literal(_ word: StaticString) -> Void? {
        let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        let have = bytes[position...].prefix(wanted.count)
        guard have.elementsEqual(wanted) else {
            ended = have.count < wanted.count && wanted.starts(with: have)
            return nil
        }
        position += wanted.count
        return ()
    }

    private mutating func number() -> JSONValue? {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !(leadingZero && whole > 1) else { return nil }
        if take(UInt8(ascii: ".")), digits() == 0 { return nil }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if digits() == 0 { return nil }
        }
        if position == bytes.count, mayBeCut {
            ended = true
            return nil
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count else {
            ended = true
            return false
        }
        guard bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        if position == bytes.count { ended = true }
        return position - start
    }

    private mutating func text() -> String? {
        position += 1
        var out: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(into: &out) else { return nil }
            case 0..<0x20: return nil
            default: out.append(byte)
            }
        }
        ended = true
        return nil
    }

    private mutating func escape(into out: inout [UInt8]) -> Bool {
        guard position < bytes.count else {
            ended = true
            return false
        }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            guard let unit = hexUnit() else { return false }
            return append(unit, into: &out)
        default: return false
        }
        return true
    }

    /// A UTF-16 unit and, for a high surrogate, its partner; half a pair
    /// becomes U+FFFD.
    private mutating func append(_ unit: UInt32, into out: inout [UInt8]) -> Bool {
        var code = unit
        if (0xD800..<0xDC00).contains(unit), bytes[position...].starts(with: [0x5C, 0x75]) {
            let back = position
            position += 2
            guard let low = hexUnit() else { return false }
            if (0xDC00..<0xE000).contains(low) {
                code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
            } else {
                position = back
            }
        }
        out.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
        return true
    }

    private mutating func hexUnit() -> UInt32? {
        guard bytes.count - position >= 4 else {
            ended = true
            return nil
        }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = byte.hexadecimalValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }
}
