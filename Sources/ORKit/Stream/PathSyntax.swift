/// What may stand in a path.
enum PathSyntax {
    /// - Returns: the rule that the path breaks, or nil.
    static func fault(_ base: UnsafeRawPointer, count: Int) -> StaticString? {
        var at = 0
        var segment = 0  // where the current one begins
        while at < count {
            let byte = base.byte(at)
            switch byte {
            case 0x2F:
                if at > 0, at == segment { return "empty-segment" }
                if let rule = segmentFault(base, from: segment, to: at) { return rule }
                segment = at + 1
            case 0x25:
                guard at + 2 < count, let high = ASCII.hexValue(base.byte(at + 1)),
                    let low = ASCII.hexValue(base.byte(at + 2))
                else { return "bad-percent-encoding" }
                if let rule = encodedFault(high << 4 | low) { return rule }
                at += 2
            case 0x5C: return "backslash"
            case 0x3B: return "path-parameter"
            case 0: return "nul-byte"
            case 0x80...: return "non-ascii-byte"
            default:
                guard isPathCharacter(byte) else { return "bad-path-character" }
            }
            at += 1
        }
        return segmentFault(base, from: segment, to: count)
    }

    /// `pchar` of RFC 3986 without `%` and `;`.
    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2D, 0x2E, 0x5F, 0x7E: true  // - . _ ~
        case 0x21, 0x24, 0x26...0x2C, 0x3A, 0x3D, 0x40: true  // ! $ & ' ( ) * + , : = @
        default: false
        }
    }

    /// `.`, `..`, and names that end in a dot, which some file systems and
    /// servers take for the name without it.
    private static func segmentFault(_ base: UnsafeRawPointer, from: Int, to: Int) -> StaticString? {
        guard to > from, base.byte(to - 1) == 0x2E else { return nil }
        let isDots = to - from == 1 || (to - from == 2 && base.byte(from) == 0x2E)
        return isDots ? "dot-segment" : "trailing-dot"
    }

    /// What may not hide behind `%XX`: separators and dots, `%` itself (a
    /// second decoding would find something else), everything beyond printable
    /// ASCII, and the characters of names, for which encoding serves only to
    /// evade a comparison.
    private static func encodedFault(_ byte: UInt8) -> StaticString? {
        switch byte {
        case 0x2F, 0x5C: "encoded-separator"
        case 0x2E: "encoded-dot"
        case 0x25: "double-encoding"
        case 0x3B, 0x3F, 0x23: "encoded-delimiter"
        case 0...0x20, 0x7F: "encoded-control-byte"
        case 0x80...: "encoded-non-ascii-byte"
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: "encoded-name-character"
        default: nil
        }
    }

    /// Whether a refused path would, read generously, climb out of the first
    /// `depth` segments: then it is no path of ours at all.
    static func leaves(_ path: UnsafeRawBufferPointer, depth: Int) -> Bool {
        var level = 0
        var segment: [UInt8] = []
        var at = 0
        func closes() -> Bool {
            if segment == [0x2E, 0x2E] {
                level -= 1
            } else if !segment.isEmpty, segment != [0x2E] {
                level += 1
            }
            let isOut = level < depth && segment == [0x2E, 0x2E]
            segment.removeAll(keepingCapacity: true)
            return isOut
        }
        while at < path.count {
            var byte = path[at]
            if byte == 0x25, at + 2 < path.count, let high = ASCII.hexValue(path[at + 1]),
                let low = ASCII.hexValue(path[at + 2])
            {
                byte = high << 4 | low
                at += 2
            }
            at += 1
            if byte == 0x2F || byte == 0x5C {
                if closes() { return true }
            } else if segment.count < 3 {
                segment.append(byte)
            }
        }
        return closes()
    }
}
