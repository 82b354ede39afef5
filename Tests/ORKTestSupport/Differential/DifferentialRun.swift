public import ORKit

/// One run of many streams: read by us and by others, compared, and what we
/// would send on compared as well.
public struct DifferentialRun: Sendable {
    /// What came out.
    public struct Outcome: Sendable, CustomStringConvertible {
        public var streams = 0
        /// Messages that we read whole.
        public var accepted = 0
        /// Streams that we refused at some point, by rule.
        public var refusals: OwnReading.Rules = [:]
        /// Messages that we sent on.
        public var sent = 0
        public var readings = 0
        public var disagreements: [Disagreement] = []

        mutating func note(_ found: Disagreement?) {
            if let found { disagreements.append(found) }
        }

        public var description: String {
            let rules = refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                "\($0.key) \($0.value)"
            }
            return """
                \(streams) streams, \(accepted) messages accepted, \(sent) sent on, \(readings) readings compared, \
                \(disagreements.count) disagreements; refused: \(rules.joined(separator: ", "))
                """
        }
    }

    /// Reads a stream of requests in our place; to plant a fault.
    public typealias OwnReader = @Sendable ([UInt8], inout OwnReading.Rules) -> Reading

    public var references = References(["h11", "httptools"])
    public var upstream = Upstream(host: "127.0.0.1:9", prefix: "/api", key: "sk-or-v1-differential")
    public var own: OwnReader = { OwnReading.requests($0, counting: &$1) }
    /// What is sent on for a stream.
    public var send: @Sendable ([UInt8], Upstream) -> [OwnReading.Sent] = { OwnReading.sent(for: $0, to: $1) }

    public init() {}

    /// Reads requests, then what would be sent on for them.
    public func requests(_ streams: [[UInt8]]) async throws -> Outcome {
        var outcome = Outcome(streams: streams.count)
        async let theirs = references.read(streams)
        let ours = streams.map { own($0, &outcome.refusals) }
        let llhttp = streams.map { LLHTTPReading.requests($0) }
        compare(streams, ours, try await theirs, llhttp, &outcome)
        try await judge(streams.flatMap { send($0, upstream) }, &outcome)
        return outcome
    }

    /// Reads answers to a request of that method; they are never sent on as
    /// they came.
    public func responses(_ streams: [[UInt8]], answering method: RequestMethod) async throws -> Outcome {
        var outcome = Outcome(streams: streams.count)
        async let theirs = references.read(streams, answering: streams.map { _ in method.name })
        let ours = streams.map { OwnReading.responses($0, answering: method, counting: &outcome.refusals) }
        let llhttp = streams.map { LLHTTPReading.responses($0, answering: method.name) }
        compare(streams, ours, try await theirs, llhttp, &outcome)
        return outcome
    }

    private func compare(
        _ streams: [[UInt8]], _ ours: [Reading], _ theirs: [String: [Reading]], _ llhttp: [Reading],
        _ outcome: inout Outcome
    ) {
        outcome.accepted = ours.reduce(0) { $0 + $1.messages.filter(\.isComplete).count }
        outcome.readings += streams.count * (theirs.count + 1)
        for (place, stream) in streams.enumerated() {
            for (name, readings) in theirs {
                outcome.note(
                    Comparison.judge(stream, ours: ours[place], theirs: readings[place], reader: name))
            }
            outcome.note(
                Comparison.judge(stream, ours: ours[place].repaired, theirs: llhttp[place], reader: "NIO"))
        }
    }

    private func judge(_ sent: [OwnReading.Sent], _ outcome: inout Outcome) async throws {
        outcome.sent = sent.count
        let streams = sent.map(\.bytes)
        async let theirs = references.read(streams)
        let llhttp = streams.map { LLHTTPReading.requests($0) }
        for (name, readings) in try await theirs.merging(["NIO": llhttp], uniquingKeysWith: { $1 }) {
            outcome.readings += readings.count
            for (place, reading) in readings.enumerated() {
                outcome.note(
                    Comparison.judge(
                        sent: streams[place], expected: [sent[place].expected], theirs: reading, reader: name)
                )
            }
        }
    }
}
