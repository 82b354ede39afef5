import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// Raw answers of an upstream through the built daemon to a caller who keeps
/// every byte.
@Suite("Answers, as others see them", .serialized) struct AnswerProofTests {
    private static let sampled = 1500

    @Test(
        "what an upstream sends reaches a caller as one whole answer that everybody reads alike, or not at all"
    )
    func answers() async throws {
        let corpus = try HeadCorpus.responses()
        let mutator = StreamMutator(corpus, areRequests: false)
        var dice = Seed.current.generator("daemon answers")
        // Other statuses would tell the daemon something about its key.
        let streams =
            (corpus.samples.map(\.bytes) + FramingCases.responses
            + (0..<Self.sampled).map { _ in mutator.stream(using: &dice) })
            .filter { $0.starts(with: "HTTP/1.1 200 ".utf8) || $0.starts(with: "HTTP/1.0 200 ".utf8) }
        let heard = try await carry(streams)
        var theirs = try await References(["h11", "httptools"]).read(
            heard, answering: heard.map { _ in "GET" })
        theirs["NIO"] = heard.map { LLHTTPReading.responses($0, answering: "GET") }
        var relayed = 0
        for (place, stream) in streams.enumerated() {
            var rules: OwnReading.Rules = [:]
            let ours = OwnReading.responses(stream, answering: .get, counting: &rules)
            for (name, readings) in theirs {
                let fault = Self.fault(readings[place], sentFor: ours)
                #expect(
                    fault == nil, "\(Seed.current) \(name): \(fault ?? "") in \(readings[place]) of \(ours)")
            }
            if theirs["h11"]?[place].messages.first?.isComplete == true,
                theirs["h11"]?[place].messages.first?.start == Array("200 1".utf8)
            {
                relayed += 1
            }
        }
        print("\(streams.count) answers into the daemon, \(relayed) relayed whole")
        #expect(relayed > streams.count / 10)
    }

    /// Every answer is asked for on a connection of its own; gives all that
    /// the caller heard.
    private func carry(_ streams: [[UInt8]]) async throws -> [[UInt8]] {
        var options = DaemonOptions()
        options.auth = "open"
        options.set("pool", "attempts = 1")
        return try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            var heard: [[UInt8]] = []
            for (place, stream) in streams.enumerated() {
                // After ten failures in a row nobody would be asked at all.
                if place % 9 == 0 { _ = try await ask("/v1/models/count", daemon) }
                daemon.mock.script(.path("/models"), .raw([.send(stream), .close]))
                var bytes = try await ask("/v1/models", daemon)
                if daemon.mock.actsLeft(.path("/models")) > 0 {
                    // So much nonsense has put the key to rest.
                    #expect(try await daemon.orkctl("keys", "reset", "a").status == 0)
                    bytes = try await ask("/v1/models", daemon)
                }
                #expect(daemon.mock.actsLeft(.path("/models")) == 0)
                heard.append(bytes)
            }
            return heard
        }
    }

    private func ask(_ path: String, _ daemon: DaemonFixture) async throws -> [UInt8] {
        let wire = try await Wire.connect(.loopback(daemon.port))
        try await wire.send("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let bytes = try await wire.takeAll()
        await wire.close()
        return bytes
    }

    /// What is wrong with what the caller heard, given what came.
    private static func fault(_ heard: Reading, sentFor ours: Reading) -> String? {
        guard heard.messages.count == 1, let answer = heard.messages.first else { return "not one answer" }
        let status = Int(String(decoding: answer.start.prefix(3), as: UTF8.self)) ?? 0
        // Our own word, for nobody upstream said anything but 200: the answer was not good enough to pass on.
        if status >= 400, answer.fields.contains(where: { $0.starts(with: "ork-request: ".utf8) }) {
            return answer.isComplete ? nil : "our own answer is cut"
        }
        let isWhole = ours.end == .closed
        guard isWhole, let sent = ours.messages.last, sent.isComplete else {
            return answer.isComplete ? "half an answer was passed on as a whole one" : nil
        }
        if answer.start.dropLast(2) != sent.start.dropLast(2) { return "another status" }
        // JSON that is none ends in a way that nobody can take for an end.
        if !answer.isComplete { return sent.body.starts(with: answer.body) ? nil : "another beginning" }
        if answer.body != sent.body { return "another body" }
        return faultInFields(answer, sent)
    }

    private static func faultInFields(_ answer: ReadMessage, _ sent: ReadMessage) -> String? {
        // What is not UTF-8 is told by NIO as it has repaired it.
        let known = Set(sent.fields + sent.repaired.fields)
        for field in answer.fields where !known.contains(field) {
            let name = String(decoding: field.prefix { $0 != 0x3A }, as: UTF8.self)
            if !added.contains(name) { return "a field from nowhere: \(name)" }
        }
        let named = sent.fields.filter { $0.starts(with: "connection:".utf8) }
            .map { String(decoding: $0, as: UTF8.self).lowercased() }.joined()
        for field in sent.fields where !answer.fields.contains(field) {
            let name = String(decoding: field.prefix { $0 != 0x3A }, as: UTF8.self)
            let isDropped =
                dropped.contains(name) || families.contains { name.hasPrefix($0) } || named.contains(name)
            if !isDropped, field.allSatisfy({ $0 < 0x80 }) { return "a lost field: \(name)" }
        }
        return nil
    }

    private static let added: Set<String> = [
        "ork-request", "date", "connection", "content-length", "transfer-encoding", "cache-control",
        "x-accel-buffering", "x-content-type-options", "x-frame-options", "x-xss-protection",
        "referrer-policy",
        "content-security-policy",
    ]
    private static let dropped: Set<String> = [
        "connection", "keep-alive", "te", "trailer", "upgrade", "http2-settings", "proxy-connection",
        "proxy-authorization", "proxy-authenticate", "content-length", "transfer-encoding", "set-cookie",
        "server",
        "via", "openai-organization", "openai-project", "x-request-id", "strict-transport-security",
        "x-content-type-options", "x-frame-options", "x-xss-protection", "referrer-policy",
        "permissions-policy",
        "content-security-policy", "alt-svc", "cache-control", "x-accel-buffering",
    ]
    private static let families = ["cf-", "x-ratelimit-", "ork-", "access-control-"]
}
