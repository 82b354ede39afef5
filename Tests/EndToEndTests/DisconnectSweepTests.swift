import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Callers leave at every event of a stream, and around the one that says what
/// it cost. Half of the upstream's providers bill in full after a cancel.
@Suite("Callers that leave, at every event", .timeLimit(.minutes(20)))
struct DisconnectSweepTests {
    /// How often at each event, and around the usage; more in a long run.
    private static let times =
        ProcessInfo.processInfo.environment["ORK_SWEEP_TIMES"].flatMap { Int($0) } ?? 2
    private static let timesAroundUsage = max(20, times)
    private static let events = 20
    /// At the same time.
    private static let atOnce = 20

    enum Skin: String, CaseIterable, Sendable {
        case chat = "/v1/chat/completions"
        case completions = "/v1/completions"
        case responses = "/v1/responses"
        case messages = "/v1/messages"

        func body(_ model: String) -> JSON {
            var body: JSON = [
                "model": .string(model), "stream": true, "session_id": .string(model), "max_tokens": 100,
            ]
            switch self {
            case .chat, .messages: body["messages"] = [["role": "user", "content": "hello"]]
            case .completions: body["prompt"] = "hello"
            case .responses: body["input"] = "hello"
            }
            return body
        }
    }

    enum Policy: String, CaseIterable, Sendable { case cancel, drain }

    private static func options(_ policy: Policy) -> DaemonOptions {
        var options = DaemonOptions()
        options.set("upstream", "fetch_usage = true")
        options.set("proxy", "caller_gone = \"\(policy.rawValue)\"")
        // The head of an answer reaches its caller before the first event.
        options.set("proxy", "commit_hold = \"0s\"")
        options.mock.providers = ["Mock", "Northwind", "Contoso", "Fabrikam"]
        options.mock.unstoppable = ["Northwind", "Fabrikam"]
        return options
    }

    /// One request whose caller leaves when it has seen so many events.
    private struct Leaving: Sendable {
        var model: String
        var seen: Int
        /// The upstream waits there for the caller to leave.
        var isGated: Bool
    }

    private func play(_ leaving: Leaving, _ skin: Skin, _ policy: Policy, _ daemon: DaemonFixture)
        async throws
    {
        let gate = Gate()
        daemon.mock.script(
            .model(leaving.model),
            .stream(chunks: 19) { shape in
                shape.comments = 1
                if leaving.isGated { shape.gates = [leaving.seen: gate] }
            })
        let wire = try await daemon.caller.wire()
        let body = Array(skin.body(leaving.model).encoded.utf8)
        try await wire.send(daemon.caller.head("POST", skin.rawValue, length: body.count) + body)
        _ = try await wire.beginReply { $0.events.count >= leaving.seen }
        let left = ContinuousClock.now
        if leaving.seen % 2 == 0 { await wire.reset() } else { await wire.close() }
        guard leaving.isGated else { return }
        switch policy {
        case .cancel:
            let end = try await daemon.mock.awaitCancelled { $0.model == leaving.model }
            #expect(end.at - left < .seconds(3), "\(leaving)")
        case .drain:
            gate.open()
            try await daemon.mock.first(.finished) { $0.request?.model == leaving.model }
        }
    }

    private var leavings: [Leaving] {
        let swept = (0..<Self.events).flatMap { seen in
            (0..<Self.times).map { Leaving(model: "a/at-\(seen)-\($0)", seen: seen, isGated: true) }
        }
        let around = (0..<Self.timesAroundUsage).map {
            Leaving(model: "a/around-\($0)", seen: 18 + $0 % 8, isGated: false)
        }
        return swept + around
    }

    @Test(
        "the ledger says what the upstream billed, and nothing is a guess in the end",
        arguments: Skin.allCases, Policy.allCases)
    func sweep(_ skin: Skin, _ policy: Policy) async throws {
        try await withDaemon(Self.options(policy)) { (daemon: DaemonFixture) async throws in
            var rest = leavings[...]
            while !rest.isEmpty {
                let some = rest.prefix(Self.atOnce)
                rest = rest.dropFirst(Self.atOnce)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for leaving in some { group.addTask { try await play(leaving, skin, policy, daemon) } }
                    try await group.waitForAll()
                }
            }
            var usage: JSON?
            try await eventually("nothing is missing", within: .seconds(60), every: .milliseconds(200)) {
                let ran = try await daemon.orkctl("usage", "--by", "client", "-o", "json")
                usage = ran.items.first { $0["name"]?.text == "test" }
                return usage?["requests"]?.integer == Int64(leavings.count) && usage?["unknown"]?.integer == 0
                    && usage?["estimated"]?.integer == 0
            }
            let billed = daemon.mock.billed(daemon.secret("a"))
            #expect(billed.pico > 0 && usage?["cost_pico_usd"]?.integer == billed.pico)
            let isAsked = daemon.mock.requests.contains { $0.path.hasSuffix("/generation") }
            #expect(isAsked == (policy == .cancel))
            let status = try await daemon.orkctl("status", "-o", "json")
            #expect(status.json?["item"]?["requests"]?["in_flight"]?.integer ?? 0 == 0)
        }
    }

    @Test("a drained upstream is let go when the bound in time is reached")
    func bound() async throws {
        var options = Self.options(.drain)
        options.set("proxy", "drain_time = \"500ms\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.script(.everything, .stream(chunks: 5) { $0.gates = [2: gate] })
            let wire = try await daemon.caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            try await wire.send(daemon.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            _ = try await wire.beginReply { $0.events.count == 2 }
            let left = ContinuousClock.now
            await wire.reset()
            let end = try await daemon.mock.awaitCancelled()
            #expect(end.at - left >= .milliseconds(400) && end.at - left < .seconds(3))
        }
    }
}
