/// One request as the mock received it, and what became of it.
public struct RecordedRequest: Sendable {
    /// Counts from 1, in the order in which heads arrived.
    public let number: Int
    /// Counts accepted connections from 1.
    public let connection: Int
    /// Counts requests of that connection from 1.
    public let turn: Int
    public let method: String
    /// The request target up to the question mark, as received.
    public let path: String
    /// What follows the question mark, as received; nil without one.
    public let query: String?
    /// In order and spelling as received.
    public let headers: [(name: String, value: String)]
    /// The credential that counts: the bearer, or `x-api-key` on messages.
    public let key: String?
    public let headAt: ContinuousClock.Instant

    public internal(set) var receivedAt: ContinuousClock.Instant?
    public internal(set) var bodySize = 0
    /// SHA-256, 64 lower-case hexadecimal digits; of the empty body when there
    /// was none.
    public internal(set) var bodyDigest = ""
    /// The body itself, as long as it is not longer than `Options.keepBodies`.
    public internal(set) var body: [UInt8] = []
    /// Fields after the last chunk.
    public internal(set) var trailers: [(name: String, value: String)] = []
    public internal(set) var model: String?
    public internal(set) var stream = false
    public internal(set) var status: Int?
    public internal(set) var generation: String?
    /// Bytes of the answer that the kernel took.
    public internal(set) var bytesSent = 0
    public internal(set) var endedAt: ContinuousClock.Instant?
    /// The peer went away before the answer was complete.
    public internal(set) var cancelled = false

    /// All values of a header, whatever its case.
    public func values(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The only value of a header; nil when there is none or more than one.
    public func value(_ name: String) -> String? {
        let all = values(name)
        return all.count == 1 ? all.first : nil
    }

    public var json: JSON? { JSON(parsing: body) }
}

/// Something that happened at the mock; a test can wait for it.
public struct MockEvent: Sendable {
    public enum Kind: Sendable, Hashable {
        /// A connection was accepted.
        case connected
        /// A connection is gone.
        case disconnected
        /// The head of a request has arrived.
        case head
        /// A request has arrived whole.
        case received
        /// Its answer is complete.
        case finished
        /// The peer left before the answer was complete.
        case cancelled
        /// What came was not HTTP.
        case malformed
    }

    public let kind: Kind
    public let connection: Int
    /// The request as it stood then; nil for events of connections.
    public let request: RecordedRequest?
    public let at: ContinuousClock.Instant
}

/// What was waited for did not happen in time, with what did.
public struct MockTimeout: Error, CustomStringConvertible {
    public let waitedFor: MockEvent.Kind
    public let seen: [String]
    public var description: String {
        "the mock saw no such \(waitedFor) event; it saw: \(seen.isEmpty ? "nothing" : seen.joined(separator: ", "))"
    }
}
