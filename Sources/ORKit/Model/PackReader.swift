/// Reads back what `PackWriter` wrote; nil where the bytes are not such.
struct PackReader {
    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count - at }
    var isAtEnd: Bool { remaining == 0 }

    mutating func byte() -> UInt8? {
        guard at < bytes.count else { return nil }
        defer { at += 1 }
        return bytes[at]
    }

    mutating func unsigned() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let next = byte() {
            // The tenth byte has room for one bit only.
            guard shift < 63 || next <= 1 else { return nil }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    mutating func signed() -> Int64? {
        unsigned().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
    }

    mutating func string() -> String? {
        guard let count = unsigned(), count <= UInt64(remaining) else { return nil }
        let end = at + Int(truncatingIfNeeded: count)
        defer { at = end }
        return String(validating: UnsafeRawBufferPointer(rebasing: bytes[at..<end]), as: UTF8.self)
    }
}
