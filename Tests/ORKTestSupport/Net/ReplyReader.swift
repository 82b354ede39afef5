/// Takes an answer apart as its bytes come. Strict: anything doubtful is an
/// error, because the daemon under test must not be doubtful.
struct ReplyReader {
    enum Malformed: Error {
        case head(String)
        case chunk(String)
    }

    private enum Place {
        case head
        case counted(Int)
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailers
        case untilClose
        case over
    }

    private(set) var reply = Reply(status: 0, headers: [])
    private var place = Place.head
    private var buffer: [UInt8] = []
    private let answersHead: Bool

    init(answersHead: Bool) { self.answersHead = answersHead }

    var isOver: Bool {
        if case .over = place { return true }
        return false
    }
    var hasHead: Bool { reply.status != 0 }
    /// What came after the end.
    var surplus: [UInt8] { buffer }

    mutating func feed(_ bytes: [UInt8]) throws {
        buffer += bytes
        while try step() {}
    }

    /// The connection has ended.
    mutating func finish() {
        if case .untilClose = place {
            place = .over
            reply.complete = true
        }
        reply.endedAt = .now
    }

    private mutating func step() throws -> Bool {
        switch place {
        case .head: return try head()
        case .counted(let left): return take(left) { $0 == 0 ? .over : .counted($0) }
        case .chunkSize: return try chunkSize()
        case .chunk(let left): return take(left) { $0 == 0 ? .chunkEnd : .chunk($0) }
        case .chunkEnd:
            guard let line = takeLine() else { return false }
            guard line.isEmpty else { throw Malformed.chunk(line) }
            place = .chunkSize
            return true
        case .trailers:
            guard let line = takeLine() else { return false }
            if line.isEmpty { end() }
            return true
        case .untilClose: return take(.max) { _ in .untilClose }
        case .over: return false
        }
    }

    private mutating func end() {
        place = .over
        reply.complete = true
        reply.endedAt = .now
    }

    private mutating func takeLine() -> String? {
        guard let end = buffer.firstPlace(of: [0x0D, 0x0A]) else { return nil }
        defer { buffer.removeFirst(end + 2) }
        return String(decoding: buffer[..<end], as: UTF8.self)
    }

    private mutating func take(_ limit: Int, then next: (Int) -> Place) -> Bool {
        let count = min(limit, buffer.count)
        guard count > 0 else { return false }
        if reply.firstByteAt == nil { reply.firstByteAt = .now }
        reply.body += buffer[..<count]
        buffer.removeFirst(count)
        place = next(limit - count)
        if case .over = place { end() }
        return true
    }

    private mutating func chunkSize() throws -> Bool {
        guard let line = takeLine() else { return false }
        guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0 else {
            throw Malformed.chunk(line)
        }
        place = size == 0 ? .trailers : .chunk(size)
        return true
    }

    private mutating func head() throws -> Bool {
        guard let end = buffer.firstPlace(of: Array("\r\n\r\n".utf8)) else { return false }
        let lines = String(decoding: buffer[..<end], as: UTF8.self).components("\r\n")
        buffer.removeFirst(end + 4)
        let words = lines[0].split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw Malformed.head(lines[0])
        }
        if (100..<200).contains(status), status != 101 {
            reply.informational.append(status)
            return true
        }
        reply.status = status
        reply.headers = try lines.dropFirst().map { line in
            guard let colon = line.firstIndex(of: ":") else { throw Malformed.head(line) }
            let value = line[line.index(after: colon)...]
            return (String(line[..<colon]), value.trimmed)
        }
        try chooseFraming()
        return true
    }

    private mutating func chooseFraming() throws {
        let coding = reply.values("transfer-encoding")
        let lengths = reply.values("content-length")
        guard coding.isEmpty || lengths.isEmpty, coding.count <= 1, lengths.count <= 1 else {
            throw Malformed.head("two ways of framing")
        }
        if answersHead || reply.status == 204 || reply.status == 304 {
            end()
        } else if let coding = coding.first {
            guard coding.lowercased() == "chunked" else { throw Malformed.head(coding) }
            place = .chunkSize
        } else if let text = lengths.first {
            guard let length = Int(text), length >= 0 else { throw Malformed.head(text) }
            place = .counted(length)
            if length == 0 { end() }
        } else {
            place = .untilClose
        }
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmed: String {
        let start = drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    /// The parts between separators, empty ones too.
    func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = Array(utf8)
        let mark = Array(separator.utf8)
        while let place = rest.firstPlace(of: mark) {
            parts.append(String(decoding: rest[..<place], as: UTF8.self))
            rest.removeFirst(place + mark.count)
        }
        return parts + [String(decoding: rest, as: UTF8.self)]
    }
}
