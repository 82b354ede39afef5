import Foundation
public import Glibc
public import MockUpstream

/// How the daemon under test is set up.
public struct DaemonOptions: Sendable {
    public var mock = MockOpenRouter.Options()
    /// Upstream keys that are in the pool from the start, by name. Each is a
    /// canary, and known to the mock.
    public var keys: [String]
    /// The account of each of them, which the daemon knows; nil: it knows none.
    public var accounts: (@Sendable (String) -> String)?
    /// A client of that name is issued at the start; nil for none.
    public var client: String? = "test"
    /// Lines of `orkd.toml` by section, over what every test needs.
    public var settings: [String: [String]] = [:]
    /// State in memory instead of a file.
    public var memory = false
    public var auth = "required"
    /// What follows the mock's origin in the upstream's base URL.
    public var basePath = "/api/v1"
    public var environment: [String: String] = [:]
    public var arguments: [String] = []
    /// What orkd is started by, with its arguments: it must become orkd itself,
    /// as `prlimit` and `setpriv` do.
    public var startedBy: [String] = []
    /// The user whom the directories belong to; nil for the test's own.
    public var owner: uid_t?
    /// Where the daemon writes its log; a file that is searched when nil.
    public var logDescriptor: Int32?
    /// How long starting and stopping may take.
    public var patience = Duration.seconds(30)

    public init(keys: [String] = ["a"]) { self.keys = keys }

    /// For a test that kills orkd by a signal of the kind that a fault raises:
    /// a sanitizer would take it for one, and end the process in its own way.
    public mutating func leaveSignalsToTheKernel() {
        let left = ["segv", "sigbus", "sigill", "sigfpe", "abort"].map { ":handle_\($0)=0" }.joined()
        for name in Self.sanitizerVariables {
            guard let options = ProcessInfo.processInfo.environment[name] else { continue }
            environment[name] = options + left
        }
    }

    /// Where the sanitizers look for their options.
    static let sanitizerVariables = ["TSAN_OPTIONS", "ASAN_OPTIONS"]

    /// Adds a line to a section.
    public mutating func set(_ section: String, _ line: String) {
        settings[section, default: []].append(line)
    }

    /// The file; `socket`, `directory` and `origin` are known only at start.
    func file(directory: String, socket: String, origin: String) -> String {
        var sections: [(name: String, lines: [String])] = [
            // Tests fail more often within a minute than callers who mean well.
            (
                "proxy",
                [
                    "listen = \"127.0.0.1:0\"", "event_loops = 1", "auth = \"\(auth)\"",
                    "auth_failures = 60",
                ]
            ),
            // Nothing is asked for but by who wants it: tests count what arrives upstream.
            (
                "upstream",
                [
                    "base_url = \"\(origin)\(basePath)\"", "models_every = \"0s\"", "fetch_usage = false",
                ]
            ),
            ("state", ["directory = \"\(directory)\""] + (memory ? ["mode = \"memory\""] : [])),
            // Nobody's turn comes while a test counts what arrives upstream.
            ("pool", ["report_every = \"0s\""]),
            ("control", ["socket = \"\(socket)\""]),
            ("log", ["level = \"trace\""]),
        ]
        for (name, lines) in settings.sorted(by: { $0.key < $1.key }) {
            let place = sections.firstIndex { $0.name == name }
            guard let place else {
                sections.append((name, lines))
                continue
            }
            let names = Set(lines.map { $0.prefix { $0 != " " && $0 != "=" } })
            sections[place].lines.removeAll { names.contains($0.prefix { $0 != " " && $0 != "=" }) }
            sections[place].lines += lines
        }
        return sections.map { "[\($0.name)]\n" + $0.lines.joined(separator: "\n") + "\n" }.joined(
            separator: "\n")
    }
}
