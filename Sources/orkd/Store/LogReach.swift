/// Which part of the write-ahead log should be in memory, because it is
/// written next.
///
/// SQLite writes the log over from its beginning again and again, at offsets
/// that are not those of pages. Where the kernel has given up such a page in
/// the meantime, a commit waits until the disk has brought it back: some
/// 0.1 ms for each, through the whole length of the log.
struct LogReach {
    /// Bytes of a log's header, and of that of a frame
    /// (sqlite.org/fileformat2.html, 4.1).
    private static let header: Int = 32
    private static let frameHeader: Int = 24
    /// Bytes that are asked for: those of ten milliseconds at 3,000 requests/s.
    private static let length: Int = 128 << 10
    /// What was asked for so long ago may be gone again, nanoseconds.
    private static let trust: Int64 = 500_000_000

    /// Bytes of a page of the database.
    let page: Int
    private var asked: Range<Int> = 0..<0
    private var askedAt: Int64 = 0

    init(page: Int) { self.page = page }

    /// - Parameters:
    ///   - frames: that the log now holds.
    ///   - now: nanoseconds of a clock that never goes back.
    /// - Returns: the bytes to ask for. Nil: those that come next were asked
    ///   for lately.
    mutating func next(after frames: Int32, at now: Int64) -> Range<Int>? {
        let end = Self.header + Int(frames) * (Self.frameHeader + page)
        guard asked.contains(end), now - askedAt < Self.trust else {
            (asked, askedAt) = (end..<end + Self.length, now)
            return asked
        }
        guard asked.upperBound - end < Self.length / 2 else { return nil }
        defer { asked = end..<asked.upperBound + Self.length }
        return asked.upperBound..<asked.upperBound + Self.length
    }
}
