import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Secrets that are in a file of variables, beside the daemon.
@Suite("A file of variables") struct EnvironmentFileTests {
    @Test(
        "keys come from it, it is remarked on while others can read it, and it stays out of the repository",
        .proves("SE-10"))
    func variables() async throws {
        var options = DaemonOptions(keys: [])
        options.arguments = ["--env-file", "inputs/.env"]
        try await withDaemon(options, start: false) { (daemon: DaemonFixture) async throws in
            let path = daemon.inputs + "/.env"
            try "OPENROUTER_API_KEY=\(daemon.newSecret("env"))\n".write(
                toFile: path, atomically: false, encoding: .utf8)
            func remarks() -> Int {
                daemon.log.split(separator: "\n").count {
                    $0.contains("inputs/.env may be read by everybody on this machine: chmod 600 inputs/.env")
                }
            }
            chmod(path, 0o644)
            try await daemon.start()
            #expect(remarks() == 1)
            try await daemon.provision()
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed == ["env"])
            chmod(path, 0o600)
            try await daemon.restart()
            #expect(remarks() == 1)
            #expect(try await daemon.caller.chat().status == 200)
        }
        let root = BuiltPrograms.packageRoot
        let ignored = try String(contentsOfFile: root + "/.gitignore", encoding: .utf8).split(separator: "\n")
        #expect(ignored.contains(".env"))
        let example = try String(contentsOfFile: root + "/.env.example", encoding: .utf8)
        #expect(example.contains("OPENROUTER_API_KEY=\n"))
    }
}
