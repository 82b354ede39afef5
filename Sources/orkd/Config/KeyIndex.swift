/// Where each key of a TOML text stands. TOMLKit tells no positions except
/// that of a syntax error, so the text is walked once more.
///
/// Positions are only asked for texts that TOMLKit has accepted; whatever it
/// is given, the walk ends and does not trap.
struct KeyIndex: Sendable {
    /// Line and column, both from 1; columns count characters.
    struct Position: Sendable, Hashable, Comparable {
        var line: Int
        var column: Int
        static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
    }

    private(set) var positions: [[String]: Position] = [:]
    /// The first place where toml++ runs into an assertion of its own, which
    /// would end the program, instead of refusing: a header whose name begins
    /// with what no name can begin with, `}` or a line end of Unicode's in an
    /// array, and a date that half a time follows. Also where it would give up
    /// because of the depth.
    private(set) var trap: Position?

    /// The position of a key or table; of the nearest table round it where it
    /// has none of its own.
    func position(of path: [String]) -> Position {
        var path = path
        while !path.isEmpty {
            if let found = positions[path] { return found }
            path.removeLast()
        }
        return Position(line: 1, column: 1)
    }

    init(_ bytes: [UInt8]) {
        var walk = TextWalk(bytes)
        var table: [String] = []
        while !walk.isAtEnd {
            walk.skip { TextWalk.isSpace($0) || TextWalk.isNewline($0) }
            switch walk.peek {
            case nil: return
            case UInt8(ascii: "#"): walk.skipLine()
            case UInt8(ascii: "["):
                let here = walk.position
                guard Self.openHeader(&walk) else {
                    trap = here
                    return
                }
                table = Self.readKey(&walk)
                note(table, at: here)
                walk.skipLine()
            default: readPair(&walk, in: table)
            }
            if trap != nil { return }
        }
    }

    /// Passes `[` or `[[`, the walk on the first bracket.
    ///
    /// - Returns: false when no name can follow. An end, of the header or of
    ///   the text, is an error that toml++ knows.
    private static func openHeader(_ walk: inout TextWalk) -> Bool {
        walk.advance()
        walk.skip(TextWalk.isSpace)
        if walk.peek == UInt8(ascii: "[") {
            walk.advance()
            walk.skip(TextWalk.isSpace)
        }
        switch walk.peek {
        case nil, UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: "'"): return true
        case let byte?: return TextWalk.isBareKeyByte(byte)
        }
    }

    /// Earlier ones stay: a table may be opened again by `[[…]]`.
    private mutating func note(_ path: [String], at position: Position) {
        if positions[path] == nil { positions[path] = position }
    }

    /// Inline tables in each other; toml++ reads no more either.
    private static let deepest = 256

    private mutating func readPair(_ walk: inout TextWalk, in table: [String], depth: Int = 0) {
        let here = walk.position
        let path = table + Self.readKey(&walk)
        note(path, at: here)
        walk.skip { TextWalk.isSpace($0) || $0 == UInt8(ascii: "=") }
        readValue(&walk, at: path, depth: depth)
    }

    private mutating func readValue(_ walk: inout TextWalk, at path: [String], depth: Int) {
        switch walk.peek {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = walk.readString()
        case UInt8(ascii: "["): if !walk.skipArray() { trap = walk.position }
        case UInt8(ascii: "{"):
            guard depth < Self.deepest else {
                trap = walk.position
                return
            }
            walk.advance()
            while let byte = walk.peek, byte != UInt8(ascii: "}") {
                if TextWalk.isSpace(byte) || TextWalk.isNewline(byte) || byte == UInt8(ascii: ",") {
                    walk.advance()
                } else {
                    readPair(&walk, in: path, depth: depth + 1)
                    if trap != nil { return }
                }
            }
            walk.advance()
        default:
            while let byte = walk.peek, !TextWalk.isNewline(byte), !TextWalk.endsBareValue(byte) {
                if walk.isAtHalfTime {
                    trap = walk.position
                    return
                }
                walk.advance()
            }
        }
    }

    /// A dotted key; always moves on by at least one byte.
    private static func readKey(_ walk: inout TextWalk) -> [String] {
        var path: [String] = []
        while let byte = walk.peek {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                path.append(walk.readString())
            } else {
                path.append(walk.readBareKey())
            }
            walk.skip(TextWalk.isSpace)
            guard walk.peek == UInt8(ascii: ".") else { break }
            walk.advance()
            walk.skip(TextWalk.isSpace)
        }
        return path
    }
}
