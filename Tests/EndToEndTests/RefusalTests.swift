import MockUpstream
import ORKTestSupport
import Testing

@Suite("Refusals at the data port") struct RefusalTests {
    @Test("an empty pool is 503 with a stable code and the document's words", .proves("PX-16"))
    func emptyPool() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            for stream in [false, true] {
                let reply = try await daemon.caller.chat(stream: stream)
                #expect(reply.status == 503)
                #expect(reply.errorCode == "no-upstream-key")
                #expect(reply.errorMessage?.contains("No available API keys") == true)
                #expect(reply.value("ork-request") != nil)
            }
            #expect(daemon.mock.requests.isEmpty)
            let code = try await daemon.orkctl("explain", "no-upstream-key")
            #expect(code.status == 0 && code.stdout.contains("orkctl keys add NAME"))
        }
    }
}
