/// Takes a file of the zone database apart.
struct ZoneReader {
    private var rest: ArraySlice<UInt8>

    init(_ file: [UInt8]) { rest = file[...] }

    struct Header {
        var version: Int
        fileprivate var (utc, standard, leaps, times, types, letters) = (0, 0, 0, 0, 0, 0)

        fileprivate init(version: Int) { self.version = version }

        /// Of what follows it.
        func length(ofTime width: Int) -> Int {
            times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc
        }
    }

    mutating func header() -> Header? {
        guard let magic = take(4), Array(magic) == Array("TZif".utf8), let version = take(1)?.first,
            skip(15)
        else { return nil }
        var header = Header(version: version == 0 ? 1 : Int(version) - 0x30)
        var counts: [Int] = []
        for _ in 0..<6 {
            // More than any zone has; sums stay far below what overflows.
            guard let count = number(4), (0...100_000).contains(count) else { return nil }
            counts.append(Int(count))
        }
        (header.utc, header.standard, header.leaps) = (counts[0], counts[1], counts[2])
        (header.times, header.types, header.letters) = (counts[3], counts[4], counts[5])
        return header
    }

    /// Offsets: before the first change, then after each.
    mutating func table(_ header: Header) -> (changes: [Int64], offsets: [Int64])? {
        let end = header.length(ofTime: 8) - header.times * 9 - header.types * 6
        var changes: [Int64] = []
        for _ in 0..<header.times {
            guard let time = number(8) else { return nil }
            changes.append(time)
        }
        guard let kinds = take(header.times) else { return nil }
        var types: [Int64] = []
        for _ in 0..<header.types {
            guard let offset = number(4), skip(2) else { return nil }
            types.append(offset)
        }
        guard skip(end), let first = types.first, kinds.allSatisfy({ Int($0) < types.count }) else {
            return nil
        }
        return (changes, [first] + kinds.map { types[Int($0)] })
    }

    /// The rule for times after the last change, without its line feeds.
    mutating func footer() -> [UInt8]? {
        guard take(1)?.first == 0x0A, let end = rest.firstIndex(of: 0x0A) else { return nil }
        return Array(rest[..<end])
    }

    mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Big-endian, signed.
    private mutating func number(_ width: Int) -> Int64? {
        guard let bytes = take(width) else { return nil }
        let raw = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return width == 4 ? Int64(Int32(truncatingIfNeeded: raw)) : Int64(bitPattern: raw)
    }
}
