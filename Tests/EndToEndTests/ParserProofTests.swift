import MockUpstream
import ORKTestSupport
import Testing

/// Raw streams through the built daemon to an upstream that keeps every byte:
/// what goes in and what comes out is read by h11, httptools, NIO, nginx and
/// haproxy.
@Suite("Parsers, as others see them", .serialized) struct ParserProofTests {
    /// Behind a stream for a proxy: it closes after its answer, so the end of
    /// the comparison needs no clock.
    private static let sentinel = "GET /sentinel HTTP/1.1\r\nHost: sentinel\r\nConnection: close\r\n\r\n"
    private static let last = ReadMessage(
        start: Array("GET /sentinel 1".utf8),
        fields: [Array("host: sentinel".utf8), Array("connection: close".utf8)], isComplete: true)
    private static let exact = ["h11", "httptools"]
    private static let proxies = ["nginx", "haproxy"]
    private static let sampled = 3000

    /// One stream and what became of it.
    private struct Passage {
        var stream: [UInt8]
        var ours: Reading
        /// The bytes that reached the upstream, and what they should say.
        var sent: [UInt8] = []
        var expected: [ReadMessage] = []
    }

    @Test("what the daemon sends on is what it was sent, for everybody, and never one request more")
    func requests() async throws {
        let corpus = try HeadCorpus.requests()
        let mutator = StreamMutator(corpus, areRequests: true)
        var dice = Seed.current.generator("daemon differential")
        let streams =
            corpus.samples.map(\.bytes) + FramingCases.requests
            + (0..<Self.sampled).map { _ in mutator.stream(using: &dice) }
        let passages = try await carry(streams)
        #expect(passages.filter { !$0.sent.isEmpty }.count >= 300)
        try await compareIn(passages)
        try await compareOut(passages.filter { !$0.expected.isEmpty })
    }

    /// Sends every stream on a connection of its own.
    private func carry(_ streams: [[UInt8]]) async throws -> [Passage] {
        var options = DaemonOptions()
        options.auth = "open"
        options.mock.keepRaw = true
        return try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let marked = Act.answer { exchange in
                Answer(
                    status: 204, headers: [("X-Mark", String(exchange.request.connection))], framing: .none)
            }
            daemon.mock.always(.everything, marked)
            let upstream = Upstream(
                host: "127.0.0.1:\(daemon.mock.port)", prefix: "/api", key: daemon.secret("a"))
            // How much of each connection's bytes has been looked at; the probe of the key is no passage.
            var taken: [Int: Int] = [:]
            for connection in 0...daemon.mock.connections {
                taken[connection] = daemon.mock.rawBytes(connection: connection).count
            }
            var passages: [Passage] = []
            for stream in streams {
                var rules: OwnReading.Rules = [:]
                var passage = Passage(stream: stream, ours: OwnReading.requests(stream, counting: &rules))
                let answered = try await talk(stream, passage.ours, to: daemon)
                passage.expected = answered.map { upstream.expected(passage.ours.messages[$0.message]) }
                for connection in Set(answered.map(\.connection)).sorted() {
                    let raw = daemon.mock.rawBytes(connection: connection)
                    passage.sent += raw[(taken[connection] ?? 0)...]
                    taken[connection] = raw.count
                }
                passages.append(passage)
            }
            // Whatever else had reached the upstream would be here.
            for connection in 0...daemon.mock.connections {
                #expect(daemon.mock.rawBytes(connection: connection).count == taken[connection] ?? 0)
            }
            return passages
        }
    }

    /// - Returns: which messages the upstream answered, and on which of its
    ///   connections.
    private func talk(
        _ stream: [UInt8], _ ours: Reading, to daemon: DaemonFixture
    ) async throws -> [(message: Int, connection: Int)] {
        let wire = try await Wire.connect(.loopback(daemon.port))
        try await wire.send(stream)
        var answered: [(message: Int, connection: Int)] = []
        let whole = ours.messages.filter(\.isComplete)
        for (place, message) in whole.enumerated() {
            let reply = try await wire.reply(answersHead: message.start.starts(with: "HEAD ".utf8))
            // Our own answers may end the connection.
            if reply.status == 0 { return answered }
            if let connection = reply.value("x-mark").flatMap({ Int($0) }) {
                answered.append((place, connection))
            } else {
                #expect(reply.complete, "\(reply.status) for \(message)")
            }
        }
        switch ours.end {
        case .waiting: break
        case .closed: _ = try await wire.ended()
        case .refused:
            let reply = try await wire.reply()
            // A 4xx, or the answer that a route of ours gave before the body broke.
            #expect(reply.value("x-mark") == nil, "passed on: \(String(decoding: stream, as: UTF8.self))")
            _ = try await wire.ended()
        }
        await wire.close()
        return answered
    }

    /// The callers' side: we refuse, or read what others read.
    private func compareIn(_ passages: [Passage]) async throws {
        let streams = passages.map(\.stream)
        async let theirs = References(Self.exact).read(streams)
        // Between two messages the proxy is told to close; elsewhere it sees the end of the stream.
        let ending = passages.map { passage in
            let longer = passage.stream + Array(Self.sentinel.utf8)
            var rules: OwnReading.Rules = [:]
            let reading = OwnReading.requests(longer, counting: &rules)
            let isBetween =
                reading.messages.last == Self.last
                && reading.messages.dropLast() == passage.ours.messages[...]
            return isBetween ? longer : passage.stream
        }
        async let behind = References(Self.proxies).read(ending)
        var found: [Disagreement] = []
        for (name, readings) in try await theirs {
            for (passage, reading) in zip(passages, readings) {
                found += [Comparison.judge(passage.stream, ours: passage.ours, theirs: reading, reader: name)]
                    .compactMap { $0 }
            }
        }
        for (name, readings) in try await behind {
            for (passage, reading) in zip(passages, readings) {
                found += [
                    Comparison.judge(
                        passage.stream, ours: passage.ours, theirs: reading.withoutSentinel, reader: name,
                        isProxy: true)
                ].compactMap { $0 }
            }
        }
        print("\(passages.count) streams into the daemon, \(found.count) disagreements")
        #expect(found.isEmpty, "\(Seed.current) \(found.prefix(2))")
    }

    /// The upstream's side: exactly the requests that were answered.
    private func compareOut(_ passages: [Passage]) async throws {
        let sent = passages.map(\.sent)
        async let theirs = References(Self.exact).read(sent)
        async let behind = References(Self.proxies).read(sent.map { $0 + Array(Self.sentinel.utf8) })
        var found: [Disagreement] = []
        var all = try await theirs
        all["NIO"] = sent.map { LLHTTPReading.requests($0) }
        for (name, readings) in all {
            for (passage, reading) in zip(passages, readings) {
                found += [
                    Comparison.judge(
                        sent: passage.sent, expected: passage.expected, theirs: reading, reader: name)
                ].compactMap { $0 }
            }
        }
        for (name, readings) in try await behind {
            for (passage, reading) in zip(passages, readings) {
                found += [
                    Comparison.judge(
                        sent: passage.sent, expected: passage.expected + [Self.last], theirs: reading,
                        reader: name,
                        isProxy: true)
                ].compactMap { $0 }
            }
        }
        let count = passages.reduce(0) { $0 + $1.expected.count }
        print(
            "\(count) requests out of the daemon in \(passages.count) streams, \(found.count) disagreements")
        #expect(found.isEmpty, "\(Seed.current) \(found.prefix(2))")
    }
}

extension Reading {
    /// As read, but for the request that was put behind the stream.
    fileprivate var withoutSentinel: Reading {
        var reading = self
        if let last = messages.last, last.start.starts(with: "GET /sentinel ".utf8) {
            reading.messages.removeLast()
        }
        return reading
    }
}
