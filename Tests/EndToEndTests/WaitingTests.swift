import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// Requests that wait for a key instead of being refused (ruling 15).
@Suite("Waiting for a key") struct WaitingTests {
    private var options: DaemonOptions {
        var options = DaemonOptions()
        options.set("pool", "queue_wait = \"60s\"")
        options.set("pool", "queue_per_client = 6")
        return options
    }

    @Test("a quiet client's requests are not behind all of a loud one's, and no client fills the queue alone")
    func fairness() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let set = try await daemon.orkctl("keys", "set", "a", "--max-in-flight", "1")
            #expect(set.status == 0, "\(set.stderr)")
            let watcher = daemon.caller(
                key: try await daemon.addClient("watcher", with: [.init("permissions", ["admin"])]))
            let quiet = daemon.caller(key: try await daemon.addClient("quiet"))
            let loud = daemon.caller
            let gate = Gate()
            daemon.mock.script(
                .model("v/first"),
                .answer { _ in
                    Answer(
                        status: 200, headers: [("Content-Type", "text/event-stream")],
                        body: [.gate(gate), .bytes(Array("data: [DONE]\n\n".utf8), cuts: [])],
                        framing: .chunked)
                })
            let first = Task { try await loud.chat(model: "v/first", stream: true) }
            try await gate.reached()

            var waiting: [Task<Reply, any Error>] = []
            func come(_ caller: Caller, _ model: String) async throws {
                waiting.append(Task { try await caller.chat(model: model) })
                let count = waiting.count
                try await eventually("\(count) wait") {
                    try await watcher.metric("ork_requests_queued") == Double(count)
                }
            }
            for _ in 0..<6 { try await come(loud, "v/loud") }
            let surplus = try await loud.chat(model: "v/loud")
            #expect(surplus.status == 503 && surplus.errorCode == "all-keys-resting")
            #expect(surplus.value("ork-queue") == "position=7")
            for _ in 0..<2 { try await come(quiet, "v/quiet") }

            gate.open()
            #expect(try await first.value.status == 200)
            for task in waiting {
                let reply = try await task.value
                #expect(reply.status == 200)
                let told = try #require(
                    reply.value("ork-queue")?.wholeMatch(of: /position=(\d+), waited=(\d+)/))
                let record = try await daemon.record(of: reply)
                #expect(record["queue_position"]?.integer == Int64(told.1))
                #expect(record["queued_ms"]?.integer == Int64(told.2))
                let story = try await daemon.orkctl("explain", reply.value("ork-request") ?? "")
                #expect(story.stdout.contains("for a key, from place \(told.1)"), "\(story.stdout)")
            }
            #expect(
                daemon.mock.requests.map(\.model) == [
                    "v/first", "v/loud", "v/quiet", "v/loud", "v/quiet", "v/loud", "v/loud", "v/loud",
                    "v/loud",
                ])
            #expect(try await watcher.metric("ork_requests_queued") == 0)
            #expect(try await daemon.key("a")["in_flight"]?.integer == 0)
        }
    }

    @Test("a whole pool at rest for a stated while: callers wait it out, and none hears of it")
    func rest() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("a")), .retryAfter("2"))
            let caller = daemon.caller
            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for _ in 0..<5 { group.addTask { try await caller.chat() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.map(\.status) == [200, 200, 200, 200, 200])
            #expect(daemon.mock.requests.count == 6)
            #expect(try await daemon.key("a")["state"]?.text == "usable")
        }
    }
}
