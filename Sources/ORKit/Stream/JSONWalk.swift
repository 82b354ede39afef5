/// A strict, one-shot walk over JSON text that lies in memory whole or cut
/// off at its end (RFC 8259). Decodes nothing that is not asked for; strings
/// are skipped by vector.
struct JSONWalk {
    /// Why the walk has stopped.
    enum Stop {
        /// The bytes ran out in mid-value.
        case cut
        case fault(StaticString)
    }

    /// A string, without its quotes.
    struct Text {
        let range: Range<Int>
        let isEscaped: Bool
    }

    static let deepest = 128

    let base: UnsafeRawPointer
    let count: Int
    var at = 0
    private(set) var stop: Stop?

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return nil }
        self.base = base
        count = bytes.count
    }

    @inline(__always)
    mutating func fail(_ rule: StaticString) -> Bool {
        if stop == nil { stop = .fault(rule) }
        return false
    }

    mutating func cut() -> Bool {
        if stop == nil { stop = .cut }
        return false
    }

    /// The next byte that is no blank, or nil at the end.
    @inline(__always)
    mutating func peek() -> UInt8? {
        while at < count {
            let byte = base.byte(at)
            guard byte <= ASCII.space else { return byte }
            guard byte == ASCII.space || byte == ASCII.lf || byte == ASCII.cr || byte == ASCII.tab else {
                return byte
            }
            at &+= 1
        }
        return nil
    }

    /// Takes one byte of structure.
    @inline(__always)
    mutating func expect(_ wanted: UInt8, _ rule: StaticString) -> Bool {
        guard let byte = peek() else { return cut() }
        guard byte == wanted else { return fail(rule) }
        at &+= 1
        return true
    }

    /// After a member or element: true when another one follows, false at the
    /// closing bracket or when the walk has stopped.
    @inline(__always)
    mutating func another(before close: UInt8) -> Bool {
        guard let byte = peek() else { return cut() }
        at &+= 1
        if byte == 0x2C { return true }
        return byte == close ? false : fail("comma-missing")
    }

    /// A string; blanks may stand before its opening quote.
    @inline(__always)
    mutating func text() -> Text? {
        guard expect(0x22, "string-missing") else { return nil }
        let start = at
        var isEscaped = false
        guard restOfText(&isEscaped) else { return nil }
        return Text(range: start..<at &- 1, isEscaped: isEscaped)
    }

    /// The rest of a string whose opening quote is used up.
    @inline(__always)
    private mutating func restOfText(_ isEscaped: inout Bool) -> Bool {
        var at = self.at
        defer { self.at = at }
        while true {
            at = base.firstStringSpecial(from: at, to: count)
            guard at &+ 1 < count else {
                // Nothing follows the special byte, if there is one at all.
                guard at < count, base.byte(at) == 0x22 else {
                    if at < count, base.byte(at) != 0x5C { return fail("control-byte-in-string") }
                    return cut()
                }
                at &+= 1
                return true
            }
            let byte = base.byte(at)
            if byte == 0x22 {
                at &+= 1
                return true
            }
            guard byte == 0x5C else { return fail("control-byte-in-string") }
            isEscaped = true
            let kind = base.byte(at &+ 1)
            at &+= 2
            if Self.isSimpleEscape(kind) { continue }
            guard kind == 0x75 else { return fail("bad-escape") }
            for _ in 0..<4 {
                guard at < count else { return cut() }
                guard ASCII.hexValue(base.byte(at)) != nil else { return fail("bad-escape") }
                at &+= 1
            }
        }
    }

    /// `n " \ / t r b f` after a backslash.
    @inline(__always)
    private static func isSimpleEscape(_ byte: UInt8) -> Bool {
        // Bits counted from 0x22 up: one comparison instead of eight.
        let known: UInt64 = 1 | 1 << 13 | 1 << 58
        let letters: UInt64 = 1 | 1 << 4 | 1 << 12 | 1 << 16 | 1 << 18
        let low = byte &- 0x22
        if low < 64, known >> UInt64(low) & 1 == 1 { return true }
        let high = byte &- 0x62
        return high < 64 && letters >> UInt64(high) & 1 == 1
    }

    /// A number. At the end of cut bytes it may be only a part of one.
    mutating func number() -> Range<Int>? {
        let start = at
        if at < count, base.byte(at) == 0x2D { at &+= 1 }
        let whole = digits()
        guard whole > 0 else {
            _ = at < count ? fail("bad-number") : cut()
            return nil
        }
        if whole > 1, base.byte(at &- whole) == 0x30 {
            _ = fail("leading-zero")
            return nil
        }
        if at < count, base.byte(at) == 0x2E {
            at &+= 1
            guard digits() > 0 else {
                _ = at < count ? fail("bad-number") : cut()
                return nil
            }
        }
        if at < count, base.byte(at) | 0x20 == 0x65 {
            at &+= 1
            if at < count, base.byte(at) == 0x2B || base.byte(at) == 0x2D { at &+= 1 }
            guard digits() > 0 else {
                _ = at < count ? fail("bad-number") : cut()
                return nil
            }
        }
        return start..<at
    }

    private mutating func digits() -> Int {
        let start = at
        while at < count, base.byte(at) &- 0x30 < 10 { at &+= 1 }
        return at &- start
    }

    mutating func literal(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        let available = min(length, count &- at)
        for i in 0..<available where base.byte(at &+ i) != word.utf8Start[i] { return fail("bad-literal") }
        at &+= available
        return available == length ? true : cut()
    }

    /// Skips one value, however deep.
    ///
    /// - Parameter depth: how many containers are open around it.
    mutating func skipValue(depth: Int) -> Bool {
        // Bit i of the pair: container i that was opened here is an object.
        var objects: (UInt64, UInt64) = (0, 0)
        var level = 0
        while true {
            guard let byte = peek() else { return cut() }
            switch byte {
            case 0x22: guard text() != nil else { return false }
            case 0x7B, 0x5B:
                guard depth + level < Self.deepest else { return fail("too-deep") }
                at &+= 1
                push(byte == 0x7B, at: level, in: &objects)
                level += 1
                guard let next = peek() else { return cut() }
                if next == byte + 2 {
                    at &+= 1
                    level -= 1
                    break
                }
                if byte == 0x7B, !key() { return false }
                continue
            case 0x74: guard literal("true") else { return false }
            case 0x66: guard literal("false") else { return false }
            case 0x6E: guard literal("null") else { return false }
            case 0x2D, 0x30...0x39: guard number() != nil else { return false }
            default: return fail("bad-value")
            }
            // A value has ended: close what ends with it.
            while true {
                if level == 0 { return true }
                let inObject = isObject(level - 1, in: objects)
                if another(before: inObject ? 0x7D : 0x5D) {
                    if inObject, !key() { return false }
                    break
                }
                if stop != nil { return false }
                level -= 1
            }
        }
    }

    /// A member's name and its colon.
    @inline(__always)
    private mutating func key() -> Bool { text() != nil && expect(0x3A, "colon-missing") }

    @inline(__always)
    private func push(_ isObject: Bool, at level: Int, in set: inout (UInt64, UInt64)) {
        let bit: UInt64 = 1 << UInt64(level & 63)
        if level < 64 {
            set.0 = isObject ? set.0 | bit : set.0 & ~bit
        } else {
            set.1 = isObject ? set.1 | bit : set.1 & ~bit
        }
    }

    @inline(__always)
    private func isObject(_ level: Int, in set: (UInt64, UInt64)) -> Bool {
        (level < 64 ? set.0 : set.1) >> UInt64(level & 63) & 1 == 1
    }
}

extension UnsafeRawPointer {
    /// Offset of the first quote, backslash or control byte in `from..<to`,
    /// or `to`.
    @inline(__always)
    func firstStringSpecial(from: Int, to: Int) -> Int {
        var at = from
        if at &+ 16 <= to {
            let hit = stringSpecials(at)
            if !hit.isAllFalse { return at &+ hit.firstTrueLane }
            at &+= 16
        }
        // Long texts four vectors at a time; short ones never come here.
        while at &+ 64 <= to, !hasStringSpecial(at) { at &+= 64 }
        while at &+ 16 <= to {
            let hit = stringSpecials(at)
            if !hit.isAllFalse { return at &+ hit.firstTrueLane }
            at &+= 16
        }
        while at < to {
            let byte = byte(at)
            if byte == 0x22 || byte == 0x5C || byte < ASCII.space { return at }
            at &+= 1
        }
        return at
    }

    /// Which of the sixteen bytes from there on are quotes, backslashes or
    /// control bytes. With its second bit the other way round a quote is the
    /// space, and all control bytes stay below it: one comparison for both.
    @inline(__always)
    private func stringSpecials(_ offset: Int) -> SIMDMask<SIMD16<Int8>> {
        // Comparing with a scalar is not vectorised by the compiler.
        let space = SIMD16<UInt8>(repeating: 0x20)
        let backslash = SIMD16<UInt8>(repeating: 0x5C)
        let turned = SIMD16<UInt8>(repeating: 0x02)
        let bytes = vector(offset)
        return ((bytes ^ turned) .<= space) .| (bytes .== backslash)
    }

    /// Whether one of the sixty-four bytes from there on is such a byte: of
    /// four vectors the least value in each lane is compared, once.
    @inline(__always)
    private func hasStringSpecial(_ offset: Int) -> Bool {
        let space = SIMD16<UInt8>(repeating: 0x20)
        let backslash = SIMD16<UInt8>(repeating: 0x5C)
        let turned = SIMD16<UInt8>(repeating: 0x02)
        let (a, b) = (vector(offset), vector(offset &+ 16))
        let (c, d) = (vector(offset &+ 32), vector(offset &+ 48))
        let low = (a ^ turned).least(b ^ turned).least((c ^ turned).least(d ^ turned))
        let slash = (a ^ backslash).least(b ^ backslash).least((c ^ backslash).least(d ^ backslash))
        return !((low .<= space) .| (slash .== .zero)).isAllFalse
    }
}
