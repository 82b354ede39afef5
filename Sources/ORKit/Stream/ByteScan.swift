// The few vector loops on which every byte machine here stands. Each looks
// only at `from..<to`, which the caller guarantees to lie inside the memory
// behind `base`.

extension SIMDMask where Storage == SIMD16<Int8> {
    /// Index of the first true lane, or 16.
    @inline(__always)
    var firstTrueLane: Int {
        let words = unsafeBitCast(self, to: SIMD2<UInt64>.self)
        if words[0] != 0 { return words[0].littleEndian.trailingZeroBitCount >> 3 }
        return 8 + words[1].littleEndian.trailingZeroBitCount >> 3
    }

    @inline(__always)
    var isAllFalse: Bool {
        let words = unsafeBitCast(self, to: SIMD2<UInt64>.self)
        return words[0] | words[1] == 0
    }
}

extension SIMD16<UInt8> {
    /// In each lane the lesser of both.
    @inline(__always)
    func least(_ other: Self) -> Self { replacing(with: other, where: other .< self) }
}

extension UnsafeRawPointer {
    @inline(__always)
    func byte(_ offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    func vector(_ offset: Int) -> SIMD16<UInt8> {
        loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    /// Offset of the first byte equal to `wanted` in `from..<to`, or `to`.
    @inline(__always)
    func firstIndex(of wanted: UInt8, from: Int, to: Int) -> Int {
        var at = from
        let pattern = SIMD16<UInt8>(repeating: wanted)
        while at &+ 16 <= to {
            let hit = vector(at) .== pattern
            if !hit.isAllFalse { return at &+ hit.firstTrueLane }
            at &+= 16
        }
        while at < to, byte(at) != wanted { at &+= 1 }
        return at
    }

    /// Offset of the first byte outside `lowest...0x7E` in `from..<to`, or
    /// `to`. With 0x20 that ends at controls, DEL and everything beyond
    /// ASCII; with 0x21 also at a space.
    @inline(__always)
    func firstIndexOutside(_ lowest: UInt8, from: Int, to: Int) -> Int {
        var at = from
        let offset = SIMD16<UInt8>(repeating: lowest)
        let width = SIMD16<UInt8>(repeating: 0x7E - lowest)
        while at &+ 16 <= to {
            let hit = (vector(at) &- offset) .> width
            if !hit.isAllFalse { return at &+ hit.firstTrueLane }
            at &+= 16
        }
        while at < to, byte(at) &- lowest <= 0x7E - lowest { at &+= 1 }
        return at
    }

    /// Offset of the first byte outside letters, digits and `-`, or `to`:
    /// nearly every field name consists of these.
    @inline(__always)
    func firstIndexOutsideName(from: Int, to: Int) -> Int {
        var at = from
        // Comparing with a scalar is not vectorised by the compiler.
        let letters = SIMD16<UInt8>(repeating: 26)
        let digits = SIMD16<UInt8>(repeating: 10)
        let dash = SIMD16<UInt8>(repeating: 0x2D)
        while at &+ 16 <= to {
            let bytes = vector(at)
            let letter = ((bytes | 0x20) &- 0x61) .< letters
            let digit = (bytes &- 0x30) .< digits
            let miss = .!(letter .| digit .| (bytes .== dash))
            if !miss.isAllFalse { return at &+ miss.firstTrueLane }
            at &+= 16
        }
        while at < to {
            let value = byte(at)
            guard (value | 0x20) &- 0x61 < 26 || value &- 0x30 < 10 || value == 0x2D else { return at }
            at &+= 1
        }
        return at
    }

    /// How many bytes from the first on are those behind `other`, of `count`;
    /// the caller guarantees that there are that many of both.
    @inline(__always)
    func countRepeating(_ other: UnsafeRawPointer, count: Int) -> Int {
        var at = 0
        while at &+ 16 <= count {
            let miss = vector(at) .!= other.vector(at)
            if !miss.isAllFalse { return at &+ miss.firstTrueLane }
            at &+= 16
        }
        while at < count, byte(at) == other.byte(at) { at &+= 1 }
        return at
    }

    /// Whether the bytes from `offset` on are exactly `text`; the caller
    /// guarantees that there are that many.
    @inline(__always)
    func matches(_ text: StaticString, at offset: Int) -> Bool {
        let wanted = text.utf8Start
        for i in 0..<text.utf8CodeUnitCount where byte(offset &+ i) != wanted[i] { return false }
        return true
    }

    /// As `matches`, whatever the case of the letters; `text` is lower case.
    /// Only for bytes that are known to be token characters or text.
    @inline(__always)
    func matchesFolded(_ text: StaticString, at offset: Int) -> Bool {
        let wanted = text.utf8Start
        for i in 0..<text.utf8CodeUnitCount where ASCII.folded(byte(offset &+ i)) != wanted[i] {
            return false
        }
        return true
    }
}

extension UnsafeRawBufferPointer {
    /// The part that a span names, held inside these bytes.
    package func part(_ span: Span) -> UnsafeRawBufferPointer { part(span.range) }

    /// The part that a range names, held inside these bytes.
    package func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[range.clamped(to: 0..<count)])
    }

    /// Whether these bytes are `text`, whatever the case of the letters.
    package func isFolded(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, let base = baseAddress else { return false }
        return base.matchesFolded(text, at: 0)
    }
}

/// Single characters of the protocols.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lf: UInt8 = 0x0A
    static let cr: UInt8 = 0x0D
    static let space: UInt8 = 0x20

    /// Lower case of a letter, anything else as it is.
    @inline(__always)
    static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// A `tchar` of RFC 9110, 5.6.2.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        // Bits 0x00 to 0x3F, then 0x40 to 0x7F.
        let low: UInt64 = 0x03FF_6CFA_0000_0000
        let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
        switch byte >> 6 {
        case 0: return low >> UInt64(byte) & 1 == 1
        case 1: return high >> UInt64(byte & 63) & 1 == 1
        default: return false
        }
    }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        let digit = byte &- 0x30
        if digit < 10 { return digit }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }
}
