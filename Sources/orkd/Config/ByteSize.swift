/// Sizes as people write them.
enum ByteSize {
    private static let units: [(name: String, scale: Int64)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("KB", 1000), ("B", 1), ("", 1),
    ]

    /// Bytes from `50MiB`, `50 MiB`, `50MB`, `1024`. Nil for anything else,
    /// and for what does not fit.
    static func parse(_ text: some StringProtocol) -> Int64? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard let value = Int64(digits) else { return nil }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let scale = units.first(where: { $0.name == unit })?.scale else { return nil }
        let (bytes, overflow) = value.multipliedReportingOverflow(by: scale)
        return overflow ? nil : bytes
    }

    /// The shortest exact form in binary units: `50MiB`, `1000B`.
    static func text(_ bytes: Int64) -> String {
        let unit = units.prefix(3).first { bytes != 0 && bytes % $0.scale == 0 }
        return unit.map { "\(bytes / $0.scale)\($0.name)" } ?? "\(bytes)B"
    }
}
