// What somebody reads in a stream of HTTP/1.x bytes, so that two readings can be compared; who reads it:
// ours, llhttp in NIO, and other people's parsers in Python; and where the streams come from.
// Not here: the tests themselves. May import ORKit, NIO, Foundation and MockUpstream.

/// One message as a reader understood it.
public struct ReadMessage: Hashable, Sendable {
    /// `METHOD TARGET MINOR` or `STATUS MINOR`.
    public var start: [UInt8]
    /// `name: value` each, the name in lower case, the value without the
    /// blanks around it; that of `transfer-encoding` in lower case too,
    /// because h11 tells it so.
    public var fields: [[UInt8]]
    /// Without framing.
    public var body: [UInt8]
    /// False when the stream ended within the body.
    public var isComplete: Bool

    public init(start: [UInt8], fields: [[UInt8]], body: [UInt8] = [], isComplete: Bool = false) {
        self.start = start
        self.fields = fields.map { $0.starts(with: Self.coding) ? $0.lowercased : $0 }
        self.body = body
        self.isComplete = isComplete
    }
}

/// What a reader made of a stream.
public struct Reading: Hashable, Sendable {
    /// Where it stopped.
    public enum End: UInt8, Sendable {
        /// Between messages or in the middle of one; more could come.
        case waiting
        case refused
        /// A message said that it is the last one.
        case closed
    }

    public var messages: [ReadMessage]
    public var end: End

    public init(messages: [ReadMessage] = [], end: End = .waiting) {
        self.messages = messages
        self.end = end
    }
}

extension ReadMessage {
    private static let coding = Array("transfer-encoding:".utf8)

    /// As somebody sees it who repairs what is not UTF-8, as NIO does.
    public var repaired: ReadMessage {
        var message = self
        message.fields = fields.map { Array(String(decoding: $0, as: UTF8.self).utf8) }
        return message
    }
}

extension Reading {
    var repaired: Reading { Reading(messages: messages.map(\.repaired), end: end) }
}

extension [UInt8] {
    var lowercased: [UInt8] { map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }
    var uppercased: [UInt8] { map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 } }
}

extension ReadMessage: CustomStringConvertible {
    public var description: String {
        let lines = ([start] + fields).map { String(decoding: $0, as: UTF8.self).debugDescription }
        let rest = String(decoding: body, as: UTF8.self).debugDescription
        return "[\(lines.joined(separator: ", "))] \(isComplete ? "whole" : "cut"): \(rest)"
    }
}

extension Reading: CustomStringConvertible {
    public var description: String { "\(end) after \(messages)" }
}

extension ReadMessage {
    /// What is left when a proxy has written the message anew: the version
    /// and what concerns only one connection are its own, and the order of
    /// fields of different names is free.
    var behindProxy: ReadMessage {
        var message = self
        message.start = Array(start.dropLast(2))
        message.fields = fields.filter { field in
            !Self.ofOneConnection.contains(String(decoding: field.prefix { $0 != 0x3A }, as: UTF8.self))
        }
        message.fields.sort { $0.lexicographicallyPrecedes($1) }
        return message
    }

    private static let ofOneConnection: Set<String> = [
        "connection", "keep-alive", "te", "trailer", "transfer-encoding", "content-length", "expect",
        "upgrade",
        "proxy-connection",
    ]
}
