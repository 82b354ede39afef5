import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@Suite("Without privileges") struct UnprivilegedTests {
    @Test("a daemon of an ordinary user without capabilities serves as every other")
    func ordinary() async throws {
        var options = DaemonOptions()
        if geteuid() == 0 {
            options.owner = 65534
            options.startedBy = [
                "/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                "--bounding-set=-all", "--inh-caps=-all",
            ]
        }
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            #expect(try await daemon.caller.chat(stream: true).complete)
            #expect(try await daemon.caller.get("/health").status == 200)
            #expect(try await daemon.orkctl("status").status == 0)
        }
    }
}
