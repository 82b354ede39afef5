import Foundation
import Glibc
import Testing

/// What a run of the built program came to.
struct Ran: Sendable {
    var out: String
    var err: String
    var code: Int32
}

/// The program under test: beside the test bundle, or in `ORK_BIN_DIR`.
enum Program {
    static let path: String = {
        if let directory = ProcessInfo.processInfo.environment["ORK_BIN_DIR"] { return directory + "/orkctl" }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent + "/orkctl"
    }()

    /// Nothing of the surroundings counts: no socket, no zone, no colours.
    static func environment(_ more: [String: String]) -> [String] {
        var all = [
            "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "TZ": "UTC", "LC_ALL": "C.UTF-8",
            "TERM": "xterm",
            "ORKD_SOCKET": "/nonexistent/orkd.sock",
        ]
        all.merge(more) { $1 }
        return all.map { "\($0.key)=\($0.value)" }
    }
}

/// Runs orkctl to its end, without a terminal.
func orkctl(
    _ arguments: String..., daemon: FakeDaemon? = nil, input: String = "", environment: [String: String] = [:]
) throws -> Ran {
    try orkctl(arguments, daemon: daemon, input: input, environment: environment)
}

func orkctl(
    _ arguments: [String], daemon: FakeDaemon? = nil, input: String = "", environment: [String: String] = [:]
) throws -> Ran {
    let directory = try TemporaryDirectory.make()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try Data(input.utf8).write(to: URL(fileURLWithPath: directory + "/in"))
    var environment = environment
    if let daemon { environment["ORKD_SOCKET"] = daemon.socket }
    let child = try spawn(
        [Program.path] + arguments, environment: environment,
        streams: [
            .file(directory + "/in", O_RDONLY), .file(directory + "/out", O_WRONLY | O_CREAT),
            .file(directory + "/err", O_WRONLY | O_CREAT),
        ])
    let code = try wait(for: child)
    return Ran(
        out: try String(contentsOfFile: directory + "/out", encoding: .utf8),
        err: try String(contentsOfFile: directory + "/err", encoding: .utf8), code: code)
}

/// What a standard stream of a child is.
enum Stream {
    case file(String, Int32)
    case descriptor(Int32)
}

func spawn(_ words: [String], environment: [String: String], streams: [Stream]) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
        switch stream {
        case .file(let path, let mode):
            posix_spawn_file_actions_addopen(&actions, Int32(number), path, mode, 0o600)
        case .descriptor(let other): posix_spawn_file_actions_adddup2(&actions, other, Int32(number))
        }
    }
    // Threads of a test block signals, and children would inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
        Program.environment(environment).map { strdup($0) } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, words[0], &actions, &attributes, &arguments, &variables)
    try #require(code == 0, "cannot start \(words[0]): build orkctl first")
    return child
}

/// - Returns: the exit code; 128 + n for a signal.
func wait(for child: pid_t) throws -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { try #require(errno == EINTR) }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
}
