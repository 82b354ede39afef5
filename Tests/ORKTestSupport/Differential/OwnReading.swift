public import ORKit

/// Reads streams as the daemon does: the same head parser, the same body
/// framing, and the end where the daemon reads no further.
public enum OwnReading {
    /// One request as it would be sent on.
    public struct Sent: Sendable {
        public var bytes: [UInt8]
        public var expected: ReadMessage

        public init(bytes: [UInt8], expected: ReadMessage) {
            self.bytes = bytes
            self.expected = expected
        }
    }

    /// Rules of the head parser by how often they refused something.
    public typealias Rules = [String: Int]

    public static func requests(_ stream: [UInt8], counting rules: inout Rules) -> Reading {
        var reading = Reading()
        walk(stream) { _, _, message in
            reading.messages.append(message)
        } end: { end, rule in
            reading.end = end
            if let rule { rules["\(rule)", default: 0] += 1 }
        }
        return reading
    }

    /// What goes to the upstream for this stream.
    public static func sent(for stream: [UInt8], to upstream: Upstream) -> [Sent] {
        var all: [Sent] = []
        walk(stream) { head, source, message in
            if message.isComplete, let sent = upstream.send(head, source: source, message) {
                all.append(sent)
            }
        } end: { _, _ in
        }
        return all
    }

    private static func walk(
        _ stream: [UInt8], _ take: (RequestHead, UnsafeRawBufferPointer, ReadMessage) -> Void,
        end: (Reading.End, StaticString?) -> Void
    ) {
        var parser = HeadParser()
        stream.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while true {
                parser.reset()
                let here = UnsafeRawBufferPointer(rebasing: rest)
                switch parser.parse(here) {
                case .incomplete: return end(.waiting, nil)
                case .refused(let refusal): return end(.refused, refusal.rule)
                case .complete(let length):
                    let head = parser.head
                    let source = UnsafeRawBufferPointer(rebasing: here[..<length])
                    rest = rest.dropFirst(length)
                    var message = ReadMessage(
                        start: Array("\(head.method) ".utf8).uppercased + Array(source.part(head.target))
                            + [0x20, 0x30 + head.minorVersion],
                        fields: head.fields.map { $0.text(in: source) })
                    let rule = takeBody(head.framing, from: &rest, into: &message)
                    take(head, source, message)
                    if rule != nil { return end(.refused, rule) }
                    if !message.isComplete { return end(.waiting, nil) }
                    if !head.keepAlive { return end(.closed, nil) }
                }
            }
        }
    }

    /// Reads the answer to one request; 1xx answers before it are messages
    /// too. What follows it is read by nobody.
    public static func responses(
        _ stream: [UInt8], answering method: RequestMethod, counting rules: inout Rules
    ) -> Reading {
        var parser = ResponseHeadParser()
        var reading = Reading()
        stream.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while true {
                parser.reset()
                let here = UnsafeRawBufferPointer(rebasing: rest)
                switch parser.parse(here, answering: method) {
                case .incomplete: return
                case .refused(let refusal):
                    rules["\(refusal.rule)", default: 0] += 1
                    reading.end = .refused
                    return
                case .informational(let length):
                    reading.messages.append(message(parser.head, here))
                    reading.messages[reading.messages.count - 1].isComplete = true
                    rest = rest.dropFirst(length)
                case .complete(let length):
                    var answer = message(parser.head, here)
                    rest = rest.dropFirst(length)
                    let rule = takeBody(parser.head.framing, from: &rest, into: &answer)
                    if let rule { rules["\(rule)", default: 0] += 1 }
                    reading.messages.append(answer)
                    reading.end = rule == nil ? .closed : .refused
                    return
                }
            }
        }
        return reading
    }

    private static func message(_ head: ResponseHead, _ source: UnsafeRawBufferPointer) -> ReadMessage {
        ReadMessage(
            start: Array("\(head.status) \(head.minorVersion)".utf8),
            fields: head.fields.map { $0.text(in: source) })
    }

    /// - Returns: the rule that the framing breaks, or nil.
    private static func takeBody(
        _ framing: BodyFraming, from rest: inout Slice<UnsafeRawBufferPointer>,
        into message: inout ReadMessage
    ) -> StaticString? {
        switch framing {
        case .none: message.isComplete = true
        case .length(let length):
            let count = Int(min(length, Int64(rest.count)))
            message.body = Array(rest.prefix(count))
            message.isComplete = Int64(count) == length
            rest = rest.dropFirst(count)
        case .untilClose:
            message.body = Array(rest)
            message.isComplete = true
            rest = rest.dropFirst(rest.count)
        case .chunked:
            var reader = ChunkedReader()
            let bytes = UnsafeRawBufferPointer(rebasing: rest)
            var offset = 0
            while true {
                switch reader.next(bytes, at: &offset) {
                case .data(let range): message.body += bytes[range]
                case .needMore: return nil
                case .refused(let rule): return rule
                case .end:
                    message.isComplete = true
                    rest = rest.dropFirst(offset)
                    return nil
                }
            }
        }
        return nil
    }
}

extension Field {
    /// `name: value`, the name in lower case.
    fileprivate func text(in source: UnsafeRawBufferPointer) -> [UInt8] {
        Array(source.part(name)).lowercased + Array(": ".utf8) + Array(source.part(value))
    }
}
