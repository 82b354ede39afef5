/// Appends the elements of the packed form: LEB128 integers, signed ones
/// folded so that small negative numbers stay short.
///
/// Into memory of its own, because an array would ask at every byte whether
/// somebody shares it.
struct PackWriter: ~Copyable {
    private var space: UnsafeMutableRawBufferPointer
    private var end = 0

    /// What the longest number takes: seven bits to a byte.
    private static let longest = 10

    /// - Parameter capacity: for so many bytes there is room at once.
    init(capacity: Int = 64) {
        space = .allocate(byteCount: max(capacity, Self.longest), alignment: 1)
    }

    init(bytes: [UInt8]) {
        self.init(capacity: bytes.count + 64)
        bytes.withUnsafeBytes { append($0) }
    }

    deinit { space.deallocate() }

    /// All that was written.
    var bytes: [UInt8] { [UInt8](written) }

    /// Appends all that was written to others.
    func append(to bytes: inout [UInt8]) { bytes.append(contentsOf: written) }

    private var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: space[..<end]) }

    @inline(__always)
    mutating func byte(_ value: UInt8) {
        makeRoom(for: 1)
        space[end] = value
        end += 1
    }

    @inline(__always)
    mutating func unsigned(_ value: UInt64) {
        if value < 0x80 { byte(UInt8(truncatingIfNeeded: value)) } else { long(value) }
    }

    private mutating func long(_ value: UInt64) {
        makeRoom(for: Self.longest)
        var place = end
        var rest = value
        repeat {
            space[place] = UInt8(truncatingIfNeeded: rest) | 0x80
            place += 1
            rest >>= 7
        } while rest >= 0x80
        space[place] = UInt8(truncatingIfNeeded: rest)
        end = place + 1
    }

    @inline(__always)
    mutating func signed(_ value: Int64) {
        unsigned(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            unsigned(UInt64(utf8.count))
            append(UnsafeRawBufferPointer(utf8))
        }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        makeRoom(for: bytes.count)
        UnsafeMutableRawBufferPointer(rebasing: space[end...]).copyMemory(from: bytes)
        end += bytes.count
    }

    @inline(__always)
    private mutating func makeRoom(for count: Int) { if space.count - end < count { grow(by: count) } }

    private mutating func grow(by count: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(space.count * 2, end + count), alignment: 1)
        larger.copyMemory(from: written)
        space.deallocate()
        space = larger
    }
}
