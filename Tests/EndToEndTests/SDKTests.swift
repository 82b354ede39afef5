import MockUpstream
import ORKTestSupport
import Testing

/// The unmodified SDKs, from the virtual environment that `make test` makes.
@Suite("Real clients") struct SDKTests {
    @Test(
        "the openai SDK works: sync, async, streams, tools, embeddings, responses, models",
        .proves("PX-04", "PX-05", "PX-21"))
    func openai() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let verdict = try await Python(environment: daemon.environment).run(
                "openai_check.py", "http://127.0.0.1:\(daemon.port)/v1", key: daemon.clientSecret)
            expectAllTrue(verdict, atLeast: 13)
        }
    }

    @Test(
        "the anthropic SDK works: messages and streams, although the upstream adds its trailer",
        .proves("PX-03", "PX-21"))
    func anthropic() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let verdict = try await Python(environment: daemon.environment).run(
                "anthropic_check.py", "http://127.0.0.1:\(daemon.port)", key: daemon.clientSecret)
            expectAllTrue(verdict, atLeast: 10)
        }
    }

    @Test(
        "the openai SDK reads what an answer or a stream cost, and raises its error for a spent balance",
        .proves("CR-04", "CR-05", "CR-08"))
    func credits() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var secrets: [String] = []
            for name in ["rich", "poor"] {
                #expect(try await daemon.orkctl("users", "create", name).status == 0)
                let owner: [JSON.Member] = [.init("user", .string(name))]
                secrets.append(try await daemon.addClient("\(name)-key", with: owner))
            }
            #expect(try await daemon.orkctl("credits", "add", "rich", "1M").status == 0)
            let verdict = try await Python(environment: daemon.environment).run(
                "credits_check.py", "http://127.0.0.1:\(daemon.port)/v1",
                key: secrets.joined(separator: "\n"))
            expectAllTrue(verdict, atLeast: 6)
        }
    }

    @Test("curl works as in the document, in open mode", .proves("PX-21"))
    func curl() async throws {
        var options = DaemonOptions()
        options.auth = "open"
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let ran = try await Program("/usr/bin/curl", environment: daemon.environment).run([
                "-sN", "http://127.0.0.1:\(daemon.port)/v1/chat/completions", "-H",
                "Content-Type: application/json",
                "-H", "Authorization: Bearer dummy-key", "-d", Caller.chatBody(stream: true).encoded,
            ])
            #expect(ran.status == 0)
            #expect(ran.stdout.hasSuffix("data: [DONE]\n\n"))
        }
    }
}
