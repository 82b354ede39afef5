extension Answer {
    /// The answer as bytes and pauses. `gap` is the pause at every cut, long
    /// enough for the peer to read what came before.
    func steps(head isHead: Bool, gap: Duration) -> [ByteStep] {
        var steps = before
        steps += Self.cut(headBytes, at: headCuts, gap: gap)
        guard !isHead else { return steps + [.finish] }
        let headCount = steps.count
        for part in body {
            switch part {
            case .bytes(let bytes, let cuts): steps += framed(bytes, cuts: cuts, gap: gap)
            case .wait(let duration): steps.append(.wait(duration))
            case .gate(let gate): steps.append(.gate(gate))
            }
        }
        return Self.merged(steps, head: headCount) + endSteps
    }

    private var headBytes: [UInt8] {
        var text = "HTTP/1.1 \(status) \(reason ?? Self.reasons[status] ?? "Status")\r\n"
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        let size = payload.count
        switch framing {
        case .length where status != 204 && status != 304: text += "Content-Length: \(size)\r\n"
        case .wrongLength(let difference): text += "Content-Length: \(size + difference)\r\n"
        case .chunked: text += "Transfer-Encoding: chunked\r\n"
        case .untilClose: text += "Connection: close\r\n"
        case .length, .none: break
        }
        if case .close = ending { text += "Connection: close\r\n" }
        return Array((text + "\r\n").utf8)
    }

    private func framed(_ bytes: [UInt8], cuts: [Int], gap: Duration) -> [ByteStep] {
        guard case .chunked = framing else { return Self.cut(bytes, at: cuts, gap: gap) }
        guard !bytes.isEmpty else { return [] }
        let size = Array((String(bytes.count, radix: 16) + "\r\n").utf8)
        return Self.cut(size + bytes + [0x0D, 0x0A], at: cuts.map { $0 + size.count }, gap: gap)
    }

    private var endSteps: [ByteStep] {
        let terminator: [ByteStep]
        if case .chunked = framing { terminator = [.send("0\r\n\r\n")] } else { terminator = [] }
        switch ending {
        case .finish:
            if case .untilClose = framing { return [.close] }
            return terminator + [.finish]
        case .close: return terminator + [.close]
        case .cut: return [.close]
        case .reset: return [.reset]
        case .stall: return [.stall]
        case .truncatedChunk: return [.send("40\r\ndata: cut "), .close]
        case .badChunk: return [.send("zz\r\n"), .stall]
        case .surplus(let bytes): return terminator + [.send(bytes), .finish]
        }
    }

    private static func cut(_ bytes: [UInt8], at cuts: [Int], gap: Duration) -> [ByteStep] {
        var steps: [ByteStep] = []
        var start = 0
        for position in Set(cuts).sorted() where position > start && position < bytes.count {
            steps += [.send(Array(bytes[start..<position])), .wait(gap)]
            start = position
        }
        return steps + [.send(Array(bytes[start...]))]
    }

    /// Head and first bytes travel together unless something stands between
    /// them, as they do upstream. Later chunks are writes of their own.
    private static func merged(_ steps: [ByteStep], head count: Int) -> [ByteStep] {
        guard count > 0, count < steps.count, case .send(let head) = steps[count - 1],
            case .send(let first) = steps[count]
        else { return steps }
        return steps[..<(count - 1)] + [.send(head + first)] + steps[(count + 1)...]
    }

    static let reasons: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
        304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request",
        401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
        408: "Request Timeout",
        410: "Gone", 413: "Content Too Large", 422: "Unprocessable Content", 429: "Too Many Requests",
        500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}
