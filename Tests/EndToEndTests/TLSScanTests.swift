import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Debian's testssl.sh looks at the data port as a stranger would.
@Suite("What a scanner finds of TLS") struct TLSScanTests {
    private static let scanner = "/usr/bin/testssl"

    @Test(
        "nothing below TLS 1.2, no cipher without forward secrecy and authentication",
        .enabled(if: FileManager.default.isExecutableFile(atPath: scanner), "make test installs testssl.sh"))
    func scan() async throws {
        let certificates = try await Certificates()
        defer { certificates.remove() }
        try certificates.install("first")
        var options = DaemonOptions()
        options.secure(with: certificates)
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let report = certificates.path("report.json")
            let scan = Program(
                Self.scanner, environment: ["PATH": "/usr/bin:/bin", "HOME": daemon.scratch.path])
            let ran = try await scan.run([
                "--protocols", "--std", "--warnings", "off", "--quiet", "--color", "0", "--ip", "127.0.0.1",
                "--openssl-timeout", "10", "--jsonfile", report, "localhost:\(daemon.port)",
            ])
            let data = try #require(FileManager.default.contents(atPath: report), "\(ran.stdout)")
            var found: [String: String] = [:]
            for entry in JSON(parsing: Array(data))?.elements ?? [] {
                found[entry["id"]?.text ?? ""] = entry["finding"]?.text
            }
            for id in [
                "SSLv2", "SSLv3", "TLS1", "TLS1_1", "cipherlist_NULL", "cipherlist_aNULL",
                "cipherlist_EXPORT", "cipherlist_LOW", "cipherlist_3DES_IDEA", "cipherlist_AVERAGE",
            ] {
                #expect(found[id] == "not offered", "\(id): \(found[id] ?? "not looked at")")
            }
            #expect(found["TLS1_2"] == "offered" && found["cipherlist_STRONG"] == "offered")
            #expect(found["TLS1_3"]?.hasPrefix("offered") == true)
            #expect(found["ALPN"] == "http/1.1")
        }
    }
}
