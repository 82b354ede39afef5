import ORKit

/// The `Date` field of what we answer ourselves (RFC 9110, 6.6.1), written
/// once a second.
struct DateLine {
    private var second = Int64.min
    private var bytes: [UInt8] = []

    /// The whole line with its CRLF.
    mutating func line(at time: WallTime) -> [UInt8] {
        let now = time.milliseconds / 1000
        if now != second {
            second = now
            bytes = Array("Date: \(time.httpDate)\r\n".utf8)
        }
        return bytes
    }
}
