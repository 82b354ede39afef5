/// A place in a TOML text that moves forward and counts lines and columns.
struct TextWalk {
    private let bytes: [UInt8]
    private var offset = 0
    private(set) var position = KeyIndex.Position(line: 1, column: 1)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark is no character of the text.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    var isAtEnd: Bool { offset >= bytes.count }
    var peek: UInt8? { isAtEnd ? nil : bytes[offset] }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    static func isNewline(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    /// Of a key without quotes.
    static func isBareKeyByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
    static func endsBareValue(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
            || byte == UInt8(ascii: "#")
    }

    mutating func advance() {
        guard let byte = peek else { return }
        offset += 1
        if byte == 0x0A {
            position.line += 1
            position.column = 1
        } else if peek.map({ $0 & 0xC0 != 0x80 }) ?? true {
            position.column += 1
        }
    }

    mutating func skip(_ matches: (UInt8) -> Bool) {
        while let byte = peek, matches(byte) { advance() }
    }

    mutating func skipLine() { skip { $0 != 0x0A } }

    /// A key without quotes; at least one byte.
    mutating func readBareKey() -> String {
        let start = offset
        advance()
        skip { Self.isBareKeyByte($0) || $0 >= 0x80 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// A string of any of the four kinds, the quote under the walk. Escapes
    /// stay as written: no setting has one in its name.
    mutating func readString() -> String {
        guard let quote = peek else { return "" }
        let isLong = bytes[offset...].starts(with: [quote, quote, quote])
        for _ in 0..<(isLong ? 3 : 1) { advance() }
        let start = offset
        while let byte = peek {
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                advance()
                advance()
            } else if byte == quote, !isLong || bytes[offset...].starts(with: [quote, quote, quote]) {
                let text = String(decoding: bytes[start..<offset], as: UTF8.self)
                // Up to two quotes may stand before the closing three.
                if isLong { skip { $0 == quote } } else { advance() }
                return text
            } else if TextWalk.isNewline(byte), !isLong {
                break
            } else {
                advance()
            }
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// An array with all that is in it, the bracket under the walk.
    ///
    /// - Returns: false at something that can stand in no array, which is then
    ///   under the walk.
    mutating func skipArray() -> Bool {
        var open: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                _ = readString()
                continue
            case UInt8(ascii: "#"):
                skipLine()
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): open.append(byte)
            case UInt8(ascii: "}"):
                guard open.last == UInt8(ascii: "{") else { return false }
                open.removeLast()
            case UInt8(ascii: "]"):
                // In an inline table it is an error like others.
                guard open.last == UInt8(ascii: "[") else { return true }
                open.removeLast()
            default: if isAtUnicodeLineEnd || isAtHalfTime { return false }
            }
            advance()
            if open.isEmpty { return true }
        }
        return true
    }

    /// Between a date and what is no time: a `T` behind which no digit follows,
    /// as in `1979-05-27T:`, or a space with a single one, as in
    /// `1979-05-27 3`.
    var isAtHalfTime: Bool {
        let digits = bytes[offset...].dropFirst().prefix(2).prefix(while: Self.isDigit).count
        switch peek {
        case UInt8(ascii: "T"), UInt8(ascii: "t"): return digits == 0 && isBehindDate
        case UInt8(ascii: " "): return digits == 1 && isBehindDate
        default: return false
        }
    }

    /// Behind ten characters that toml++ may take for a date: underscores do
    /// not count, and of digits only the first matters to it.
    private var isBehindDate: Bool {
        let date = bytes[..<offset].reversed().lazy
            .filter { $0 != UInt8(ascii: "_") && $0 & 0xC0 != 0x80 }.prefix(10)
        let shape = Array(date)
        return shape.count == 10 && Self.isDigit(shape[9]) && shape[5] == UInt8(ascii: "-")
            && shape[2] == UInt8(ascii: "-")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// U+0085, U+2028, U+2029.
    private var isAtUnicodeLineEnd: Bool {
        let rest = bytes[offset...]
        return rest.starts(with: [0xC2, 0x85]) || rest.starts(with: [0xE2, 0x80, 0xA8])
            || rest.starts(with: [0xE2, 0x80, 0xA9])
    }
}
