import MockUpstream
import ORKTestSupport
import Testing

/// An upstream that cannot show that it is the configured one gets no key.
@Suite("Certificates of the upstream") struct BadUpstreamCertificateTests {
    private struct Seen {
        var kind: String
        var connections: Int64
        var plaintext: String
    }

    /// `Tests/tls/bad_upstream.py`, running.
    private struct Upstream {
        let program: LiveProgram
        let port: Int64
        let kinds: [String]

        init(in directory: String) async throws {
            program = try LiveProgram(
                "/usr/bin/python3", [BuiltPrograms.packageRoot + "/Tests/tls/bad_upstream.py", directory],
                environment: ["PATH": "/usr/bin:/bin"], onTerminal: false)
            let first = try await program.shows("}\n")
            let facts = JSON(parsing: Array(first.utf8))
            port = try #require(facts?["port"]?.integer)
            kinds = facts?["kinds"]?.elements?.compactMap(\.text) ?? []
        }

        /// From now on of that kind.
        ///
        /// - Returns: what came while it was of the last kind.
        func become(_ kind: String) async throws -> Seen {
            let lines = program.shown.filter { $0 == "\n" }.count
            try program.type(kind + "\n")
            let shown = try await program.shows { $0.filter { $0 == "\n" }.count > lines }
            let line = shown.split(separator: "\n")[lines]
            let seen = try #require(JSON(parsing: Array(line.utf8)))
            return Seen(
                kind: seen["kind"]?.text ?? "", connections: seen["connections"]?.integer ?? 0,
                plaintext: seen["plaintext"]?.text ?? "none")
        }
    }

    @Test("fifteen kinds that prove nothing are refused before a byte of the request leaves")
    func refused() async throws {
        let scratch = try ScratchDirectory(prefix: "ork-tls")
        defer { scratch.remove() }
        let upstream = try await Upstream(in: scratch.path)
        defer { upstream.program.signal(9) }
        #expect(upstream.kinds.count == 15)
        var options = DaemonOptions()
        options.set("upstream", "base_url = \"https://localhost:\(upstream.port)\"")
        options.set("upstream", "ca_file = \"\(scratch.path)/ca.pem\"")
        options.set("pool", "attempts = 1")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            // The log does see the key where the certificate is good.
            #expect(try await daemon.caller.get("/v1/models").status == 200)
            for kind in upstream.kinds {
                // A good answer each time: after ten failures in a row nobody would be asked at all.
                let good = try await upstream.become(kind)
                #expect(good.connections > 0 && good.plaintext.contains(daemon.secret("a")), "before \(kind)")
                let reply = try await daemon.caller.get("/v1/models")
                #expect(
                    reply.status == 502 && reply.errorCode == "upstream-unreachable", "\(kind): \(reply.text)"
                )
                let bad = try await upstream.become("good")
                #expect(bad.kind == kind && bad.connections > 0 && bad.plaintext.isEmpty, "\(kind)")
                #expect(try await daemon.caller.get("/v1/models").status == 200, "after \(kind)")
            }
            #expect(try await upstream.become("good").plaintext.contains(daemon.secret("a")))
        }
    }
}
