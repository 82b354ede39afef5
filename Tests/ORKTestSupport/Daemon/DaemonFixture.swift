import Foundation
public import MockUpstream
import NIOConcurrencyHelpers
import Testing

/// The built `orkd`, running, with a directory, a mock upstream and a notify
/// socket of its own. Made by `withDaemon`, which also ends it and looks for
/// leaked secrets.
public final class DaemonFixture: Sendable {
    struct State {
        var process: Process?
        var pid: Int32 = 0
        var port = 0
        var starts = 0
        var clientSecret: String?
        /// Upstream secrets by the key's name.
        var secrets: [String: String] = [:]
        var canaries: [Canary] = []
        /// Output of programs, by whether it may hold what was issued.
        var outputs: [(label: String, data: Data, mayIssue: Bool)] = []
        /// Names of canaries that a program was asked to print.
        var issued: Set<String> = []
        var hits: [SecretScan.Hit] = []
        /// What a test that fails may leave running.
        var talking: [LiveProgram] = []
    }

    public let options: DaemonOptions
    public let mock: MockOpenRouter
    public let scratch: ScratchDirectory
    let state = NIOLockedValueBox(State())
    let notify = NIOLockedValueBox<NotifySocket?>(nil)
    /// What callers and users of the control API were told.
    let answers = Transcripts()

    init(_ options: DaemonOptions, mock: MockOpenRouter) throws {
        self.options = options
        self.mock = mock
        scratch = try ScratchDirectory()
        for name in ["state", "run", "inputs", "issued", "logs"] {
            try FileManager.default.createDirectory(
                atPath: scratch.path + "/" + name, withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
        }
        try writeConfiguration()
    }

    public var stateDirectory: String { scratch.path + "/state" }
    public var socket: String { scratch.path + "/run/orkd.sock" }
    public var configFile: String { scratch.path + "/orkd.toml" }
    /// For files with secrets in them: not searched.
    public var inputs: String { scratch.path + "/inputs" }
    /// For files that a command writes secrets into: not searched.
    public var issued: String { scratch.path + "/issued" }
    public var pid: Int32 { state.withLockedValue { $0.pid } }
    public var port: Int { state.withLockedValue { $0.port } }
    /// Everything the daemon wrote, of all its starts.
    public var log: String { read("logs/stderr") + read("logs/stdout") }
    public var notifications: [String] { notify.withLockedValue { $0?.messages ?? [] } }

    /// A caller with the client key issued at the start.
    public var caller: Caller { caller(key: state.withLockedValue { $0.clientSecret }) }
    public var clientSecret: String { state.withLockedValue { $0.clientSecret } ?? "" }

    /// The upstream secret of a key added by this fixture; empty for another.
    public func secret(_ key: String) -> String { state.withLockedValue { $0.secrets[key] } ?? "" }

    /// The name of the key that a request carried upstream.
    public func keyName(of request: RecordedRequest) -> String? {
        state.withLockedValue { $0.secrets.first { $0.value == request.key }?.key }
    }

    /// What came to the mock from callers, in order: no probes of keys.
    public var relayed: [RecordedRequest] {
        mock.requests.filter { !$0.path.hasSuffix("/v1/key") }
    }

    /// Names of the keys that were used, in order.
    public var keysUsed: [String] { relayed.map { keyName(of: $0) ?? "?" } }

    /// A caller with another key, or none.
    public func caller(key: String?) -> Caller { Caller(.loopback(port), key: key, transcripts: answers) }

    /// Writes `orkd.toml` as the options say, with further lines at the end.
    ///
    /// - Parameter other: other options than those of the start; only what the
    ///   file says of them counts.
    public func writeConfiguration(_ other: DaemonOptions? = nil, adding text: String = "") throws {
        let file = (other ?? options).file(directory: stateDirectory, socket: socket, origin: mock.origin)
        try scratch.file("orkd.toml", Data((file + text).utf8))
    }

    /// What every program under test sees.
    public var environment: [String: String] {
        var environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": scratch.path,
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8", "XDG_RUNTIME_DIR": scratch.path + "/run",
        ]
        for name in ["LD_LIBRARY_PATH"] + DaemonOptions.sanitizerVariables {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        return environment.merging(options.environment) { $1 }
    }

    private func read(_ name: String) -> String {
        String(
            decoding: FileManager.default.contents(atPath: scratch.path + "/" + name) ?? Data(), as: UTF8.self
        )
    }
}
