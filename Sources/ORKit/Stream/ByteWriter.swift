/// Writes into memory that somebody else provides, never beyond its end.
/// What does not fit is noted, not written.
package struct ByteWriter {
    private let base: UnsafeMutableRawPointer?
    private let capacity: Int
    private(set) var count = 0
    private var overflowed = false

    package init(_ out: UnsafeMutableRawBufferPointer) {
        base = out.baseAddress
        capacity = out.count
    }

    /// How many bytes were written; 0 when they did not all fit, because a
    /// head that is cut short must not be used.
    package var length: Int { overflowed ? 0 : count }

    @inline(__always)
    private mutating func reserve(_ extra: Int) -> UnsafeMutableRawPointer? {
        guard let base, !overflowed, extra <= capacity &- count else {
            overflowed = true
            return nil
        }
        let place = base + count
        count &+= extra
        return place
    }

    @inline(__always)
    package mutating func put(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)?.copyMemory(from: UnsafeRawPointer(text.utf8Start), byteCount: length)
    }

    @inline(__always)
    package mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)?.copyMemory(from: source, byteCount: bytes.count)
    }

    @inline(__always)
    package mutating func put(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { put($0) }
    }

    /// The most bytes that a number takes.
    package static let longestDecimal = 20

    /// A number in decimal digits.
    package mutating func put(decimal value: Int64) {
        if value < 0 { put("-") }
        var rest = value.magnitude
        let digits = Self.digits(of: rest)
        guard let place = reserve(digits) else { return }
        var at = digits
        while at >= 2 {
            at &-= 2
            let pair = Int(truncatingIfNeeded: rest % 100) &* 2
            (place + at).copyMemory(from: Self.pairs.utf8Start + pair, byteCount: 2)
            rest /= 100
        }
        if at == 1 { place.storeBytes(of: UInt8(truncatingIfNeeded: 0x30 &+ rest), as: UInt8.self) }
    }

    /// The numbers below a hundred: half as many divisions as by digits.
    private static var pairs: StaticString {
        """
        00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354\
        55565758596061626364656667686970717273747576777879808182838485868788899091929394959697989999
        """
    }

    /// Compared with one power of ten after the other: to divide once for
    /// every digit takes longer. No `Int64` reaches 10¹⁹, which still fits.
    @inline(__always)
    private static func digits(of value: UInt64) -> Int {
        var digits = 1
        var power: UInt64 = 10
        while value >= power {
            digits &+= 1
            power &*= 10
        }
        return digits
    }

    /// The line of a field whose value is a number.
    package mutating func put(field name: StaticString, _ value: Int64) {
        put(name)
        put(": ")
        put(decimal: value)
        put("\r\n")
    }

    /// A field copied as it came, but for the blanks around its value.
    @inline(__always)
    mutating func put(_ field: Field, of source: UnsafeRawPointer, count total: Int) {
        let name = field.name.range
        let value = field.value.range
        guard value.upperBound <= total, name.upperBound <= total else { return }
        if Self.isPlain(source, name: name, value: value, total) {
            let line = UnsafeRawBufferPointer(
                start: source + name.lowerBound, count: value.upperBound &+ 2 &- name.lowerBound)
            return put(line)
        }
        put(UnsafeRawBufferPointer(start: source + name.lowerBound, count: name.count))
        put(": ")
        put(UnsafeRawBufferPointer(start: source + value.lowerBound, count: value.count))
        put("\r\n")
    }

    /// Whether the line stands there as it would be written.
    @inline(__always)
    private static func isPlain(
        _ source: UnsafeRawPointer, name: Range<Int>, value: Range<Int>, _ total: Int
    ) -> Bool {
        value.lowerBound == name.upperBound &+ 2 && value.upperBound &+ 2 <= total
            && source.byte(name.upperBound) == 0x3A && source.byte(name.upperBound &+ 1) == ASCII.space
            && source.byte(value.upperBound) == ASCII.cr && source.byte(value.upperBound &+ 1) == ASCII.lf
    }

    mutating func put(_ id: RequestID) {
        guard let place = reserve(13) else { return }
        RequestID.alphabet.withUnsafeBufferPointer { digits in
            for i in 0..<13 {
                let digit = digits[Int(truncatingIfNeeded: (id.raw >> (UInt64(12 - i) * 5)) & 31)]
                place.storeBytes(of: digit, toByteOffset: i, as: UInt8.self)
            }
        }
    }
}
