/// Writes into memory that somebody else provides, never beyond its end.
/// What does not fit is noted, not written.
struct ByteWriter {
    private let base: UnsafeMutableRawPointer?
    private let capacity: Int
    private(set) var count = 0
    private var overflowed = false

    init(_ out: UnsafeMutableRawBufferPointer) {
        base = out.baseAddress
        capacity = out.count
    }

    /// How many bytes were written; 0 when they did not all fit, because a
    /// head that is cut short must not be used.
    var length: Int { overflowed ? 0 : count }

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
    mutating func put(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)?.copyMemory(from: UnsafeRawPointer(text.utf8Start), byteCount: length)
    }

    @inline(__always)
    mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)?.copyMemory(from: source, byteCount: bytes.count)
    }

    @inline(__always)
    mutating func put(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { put($0) }
    }

    /// A number of at most 19 digits.
    mutating func put(decimal value: Int64) {
        var rest = value.magnitude
        var digits = 1
        var limit = rest
        while limit >= 10 {
            limit /= 10
            digits += 1
        }
        guard let place = reserve(digits) else { return }
        for i in 0..<digits {
            place.storeBytes(
                of: UInt8(truncatingIfNeeded: 0x30 + rest % 10), toByteOffset: digits - 1 - i, as: UInt8.self)
            rest /= 10
        }
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
