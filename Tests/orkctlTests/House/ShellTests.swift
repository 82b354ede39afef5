import Foundation
import Testing

@testable import orkctl

@Suite("help, completions, manual page, start")
struct ShellTests {
    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("bare orkctl prints twelve lines")
    func bare() throws {
        let ran = try orkctl()
        #expect(ran.code == 0 && ran.out.split(separator: "\n", omittingEmptySubsequences: false).count == 13)
    }

    @Test(
        "help is an answer: on stdout, exit 0",
        arguments: [["--help"], ["keys"], ["keys", "add", "-h"], ["help", "keys", "add"]])
    func help(arguments: [String]) throws {
        let ran = try orkctl(arguments)
        #expect(ran.code == 0 && ran.err.isEmpty && ran.out.contains("USAGE: orkctl"))
    }

    @Test(
        "the committed completion scripts are fresh",
        arguments: [
            ("bash", "orkctl.bash"), ("zsh", "_orkctl"), ("fish", "orkctl.fish"),
        ])
    func completions(shell: String, file: String) throws {
        let ran = try orkctl("completion", shell)
        let path = Self.root.appendingPathComponent("completions/\(file)")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" { try Data(ran.out.utf8).write(to: path) }
        let committed = try String(contentsOf: path, encoding: .utf8)
        #expect(ran.out == committed, "record anew: orkctl completion \(shell) > completions/\(file)")
    }

    @Test("names complete from the daemon, and its absence is silent")
    func names() throws {
        let body = Samples.list("ork.keys/1", [Samples.key, Samples.restingKey])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/keys", body: body)])
        let words = [
            "---completion", "keys", "show", "--", "positional@0", "2", "5", "orkctl", "keys", "show", "main",
        ]
        let ran = try orkctl(words, daemon: daemon)
        #expect(ran.out.contains("main-1") && ran.out.contains("main-2"))
        let absent = try orkctl(words)
        #expect(absent.err.isEmpty && !absent.out.contains("main-1"))
        let nonsense = try orkctl("---completion", "nosuch", "--", "what")
        #expect(nonsense.err.isEmpty && nonsense.out.isEmpty && nonsense.code != 0)
    }

    @Test("every command and option is in orkctl(1), and every option there exists")
    func manual() throws {
        let page = try String(contentsOf: Self.root.appendingPathComponent("man/orkctl.1"), encoding: .utf8)
            .replacingOccurrences(of: "\\-", with: "-")
        let dump = try orkctl("--experimental-dump-help").out
        let tool = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
        let (paths, options) = tool.gathered()
        for path in paths { #expect(page.contains(path), "not in orkctl(1): \(path)") }
        for option in options { #expect(page.contains("--\(option)"), "not in orkctl(1): --\(option)") }
        for word in page.split(whereSeparator: { !($0.isLetter || $0 == "-") })
        where word.hasPrefix("--") && word.count > 3 {
            #expect(options.contains(String(word.dropFirst(2))), "in orkctl(1) alone: \(word)")
        }
    }

    @Test("neither Foundation nor ICU is loaded at start")
    func linkage() throws {
        let directory = try TemporaryDirectory.make()
        let listing = try spawn(
            ["/usr/bin/ldd", Program.path], environment: [:],
            streams: [.file("/dev/null", 0), .file(directory + "/out", 0o101), .file("/dev/null", 1)])
        #expect(try wait(for: listing) == 0)
        let libraries = try String(contentsOfFile: directory + "/out", encoding: .utf8)
        #expect(libraries.contains("libcurl"))
        for heavy in ["libFoundation.so", "FoundationICU", "FoundationInternationalization", "NIO"] {
            #expect(!libraries.contains(heavy), "\(heavy) is linked")
        }
    }
}

/// The part of the parser's dump that is needed.
private struct Dump: Decodable {
    struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }
            let names: [Name]?
        }
        let commandName: String
        let superCommands: [String]?
        let subcommands: [Command]?
        let arguments: [Argument]?

        /// Paths of all leaves, and the long options of all commands.
        func gathered() -> (paths: [String], options: Set<String>) {
            var options = Set(
                (arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name))
            var paths: [String] = []
            for command in subcommands ?? [] where command.commandName != "help" {
                let inner = command.gathered()
                paths += inner.paths
                options.formUnion(inner.options)
            }
            if subcommands?.isEmpty ?? true {
                paths = [((superCommands ?? []).dropFirst() + [commandName]).joined(separator: " ")]
            }
            return (paths, options)
        }
    }
    let command: Command
}
