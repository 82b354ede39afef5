import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@Suite("What a caller hears of the pool") struct PoolAnswerTests {
    @Test("a caller names no key and is served by the second when the first is limited", .proves("PX-14"))
    func rotation() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("a")), .retryAfter("60"))
            let reply = try await daemon.caller.chat()
            #expect(reply.status == 200)
            #expect(daemon.keysUsed == ["a", "b"])
        }
    }

    @Test("when every attempt fails there is one JSON error that says what was tried", .proves("PX-15"))
    func exhausted() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.everything, .html(500))
            for stream in [false, true] {
                let before = daemon.relayed.count
                let reply = try await daemon.caller.chat(stream: stream)
                #expect(reply.status == 502)
                #expect(reply.complete)
                #expect(reply.value("content-type") == "application/json")
                #expect(reply.errorCode == "upstream-error")
                let attempts = reply.json?["error"]?["metadata"]?["attempts"]?.elements ?? []
                #expect(attempts.map { $0["status"]?.integer } == [500, 500, 500])
                #expect(Set(attempts.map { $0["key"]?.text }).count == 3)
                #expect(daemon.relayed.count - before == 3)
            }
        }
    }

    @Test(
        "an empty pool is said in the words of the document, under a stable code, and no time is invented",
        .proves("PX-16"))
    func empty() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            for stream in [false, true] {
                let reply = try await daemon.caller.chat(stream: stream)
                #expect(reply.status == 503)
                #expect(reply.errorCode == "no-upstream-key")
                #expect(reply.errorMessage?.contains("No available API keys") == true)
                #expect(reply.value("retry-after") == nil)
                #expect(reply.value("ork-request") != nil)
            }
            #expect(daemon.mock.requests.isEmpty)
            let code = try await daemon.orkctl("explain", "no-upstream-key")
            #expect(code.status == 0 && code.stdout.contains("orkctl keys add NAME"))
        }
    }

    @Test("latency is shown per key, and the README names the four symptoms", .proves("PX-25"))
    func latency() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("a")), Act.usual.after(.milliseconds(150)))
            #expect(try await daemon.caller.chat().status == 200)
            let list = try await daemon.orkctl("keys", "list", "-o", "wide")
            #expect(list.stdout.uppercased().contains("LATENCY"))
            let rows = try await daemon.orkctl("keys", "list", "-o", "json").json?["items"]?.elements ?? []
            let measured = rows.map { row -> Double? in
                if case .number(let text)? = row["latency"] { return Double(text) }
                return nil
            }
            #expect(measured.count == 2)
            #expect(measured[0] ?? 0 >= 150)
            #expect(measured[1] == nil)
        }
        let readme = try String(contentsOfFile: BuiltPrograms.packageRoot + "/README.md", encoding: .utf8)
        let section = readme.components(separatedBy: "\n## ").first { $0.hasPrefix("Troubleshooting") } ?? ""
        for symptom in ["429", "stream ends unexpectedly", "No available API keys", "high latency"] {
            #expect(section.contains(symptom), "\(symptom)")
        }
        #expect(section.contains("latency per key"))
    }

    @Test("the upstream's address comes from the environment as the document spells it", .proves("PX-19"))
    func baseFromEnvironment() async throws {
        try await MockOpenRouter.run { (other: MockOpenRouter) async throws in
            other.accept(prefix: "sk-or-")
            var options = DaemonOptions()
            options.environment = ["OPENROUTER_BASE_URL": other.origin + "/api"]
            try await withDaemon(options) { (daemon: DaemonFixture) async throws in
                #expect(try await daemon.caller.chat().status == 200)
                #expect(other.requests.map(\.path) == ["/api/v1/chat/completions"])
                #expect(daemon.mock.requests.isEmpty)
            }
        }
    }
}
