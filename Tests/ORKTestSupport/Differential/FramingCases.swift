/// Streams that do not change from run to run: every odd byte at every place
/// of a framing field, alone and beside the other one, and every odd line and
/// body.
public enum FramingCases {
    public static let requests: [[UInt8]] = cases(
        start: "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n")

    public static let responses: [[UInt8]] = cases(start: "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")

    private static let oddBytes: [UInt8] =
        Array(0...0x20) + [0x22, 0x27, 0x2B, 0x2C, 0x2D, 0x30, 0x3A, 0x3B, 0x5F]
        + Array(0x7F...0x85) + [0xA0, 0xAD, 0xC2, 0xFF]

    private static func cases(start: String) -> [[UInt8]] {
        let chunked = "5\r\nhello\r\n0\r\n\r\n" + StreamMutator.contraband
        let counted = "hello" + StreamMutator.contraband
        var streams: [[UInt8]] = []
        func add(_ lines: [UInt8], _ body: String) {
            streams.append(Array(start.utf8) + lines + Array(("\r\n\r\n" + body).utf8))
        }
        for byte in oddBytes {
            for line in around("Transfer-Encoding", "chunked", byte) {
                add(line, chunked)
                add(Array("Content-Length: \(chunked.utf8.count)\r\n".utf8) + line, chunked)
            }
            for line in around("Content-Length", "5", byte) {
                add(line, counted)
                add(Array("Transfer-Encoding: chunked\r\n".utf8) + line, chunked)
            }
        }
        for line in StreamMutator.framing {
            add(Array(line.utf8), chunked)
            add(Array(line.utf8), counted)
        }
        return streams
    }

    /// A field with an extra byte at each of six places.
    private static func around(_ name: String, _ value: String, _ byte: UInt8) -> [[UInt8]] {
        let (name, value) = (Array(name.utf8), Array(value.utf8))
        let (middle, half) = (name.count / 2, value.count / 2)
        let colon: [UInt8] = [0x3A, 0x20]
        return [
            join([byte], name, colon, value),
            join(Array(name[..<middle]), [byte], Array(name[middle...]), colon, value),
            join(name, [byte], colon, value),
            join(name, [0x3A, byte], value),
            join(name, colon, Array(value[..<half]), [byte], Array(value[half...])),
            join(name, colon, value, [byte]),
        ]
    }

    private static func join(_ parts: [UInt8]...) -> [UInt8] { Array(parts.joined()) }
}
