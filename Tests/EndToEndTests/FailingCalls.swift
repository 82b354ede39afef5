import Foundation
import Glibc
import ORKTestSupport

/// A disk that fails under one file of a running daemon: strace answers in the
/// kernel's place, and tells of every write and sync that it sees.
struct FailingCalls {
    private static let strace = "/usr/bin/strace"
    private let tracer: LiveProgram

    /// Not every container lets a process be traced that hides its memory: that
    /// is bit 19 of the capabilities.
    static let arePossible: Bool = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") } ?? ""
        let capabilities = line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
        guard capabilities & 1 << 19 != 0 else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: strace)
        process.arguments = ["-o", "/dev/null", "/bin/true"]
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// From here on they fail.
    ///
    /// - Parameters:
    ///   - fault: as `inject` takes it: `fdatasync:error=EIO`.
    ///   - file: in the daemon's directory.
    init(_ fault: String, on file: String, of daemon: DaemonFixture) async throws {
        tracer = try LiveProgram(
            Self.strace,
            [
                "-f", "-s", "0", "-p", String(daemon.pid), "-P", daemon.stateDirectory + "/" + file,
                "-e", "trace=fdatasync,pwrite64", "-e", "inject=" + fault,
            ], environment: daemon.environment, onTerminal: false)
        try await tracer.shows(" attached")
    }

    /// The disk is sound again, if the daemon still runs.
    ///
    /// - Returns: the calls after the first that failed.
    func end() async throws -> [String] {
        tracer.signal(SIGTERM)
        _ = try await tracer.end()
        let lines = tracer.shown.split(separator: "\n").map(String.init)
        return lines.drop { !$0.contains("(INJECTED)") }.dropFirst().filter {
            $0.contains("fdatasync") || $0.contains("pwrite64")
        }
    }
}
