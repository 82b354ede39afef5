import ArgumentParser
import Glibc
import ORKit

/// The daemon's command line: flags become settings, then `Daemon` runs.
@main
struct Orkd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orkd",
        abstract: "A local gateway that lends out LLM API keys safely.",
        discussion: "See orkd(8) and orkd.toml(5). Administer it with orkctl(1).",
        version: API.release)

    @Option(
        name: [.short, .long], help: "Read this configuration file.", completion: .file(extensions: ["toml"]))
    var config: String?

    @Option(help: "Read variables from this file instead of ./.env.", completion: .file())
    var envFile: String?

    @Flag(inversion: .prefixedNo, help: "Use the paths of a user's own daemon, or the system's.")
    var user: Bool?

    @Flag(help: "Check the configuration, say what is wrong with it, and exit: 0 valid, 78 not.")
    var check = false

    @Option(help: "Listen on HOST:PORT; repeat for more than one.")
    var listen: [String] = []

    @Option(help: "Path of the control socket.", completion: .file())
    var socket: String?

    @Option(help: "Directory of the database.", completion: .directory)
    var stateDirectory: String?

    @Option(help: "Where state lives: file or memory.")
    var state: String?

    @Option(help: "Base URL of the upstream.")
    var upstream: String?

    @Option(help: "Log level: trace, debug, info, notice, warning, error, critical.")
    var logLevel: String?

    @Option(name: .customLong("set"), help: "Set any setting: --set proxy.heartbeat=10s; repeatable.")
    var settings: [String] = []

    @Argument(help: .hidden)
    var file: String?

    func run() async throws {
        let hardening = ProcessHardening.startWithoutBacktraces()
        let environment = Environment.ofProcess
        Environment.forgetSecrets()
        let flags = try flags()
        let loaded = Configuration.load(arguments: flags, environment: environment)
        switch loaded {
        case .failure(let errors):
            for line in errors.lines { Self.say("orkd: \(line)") }
            Self.say("orkd: the configuration is not valid   [\(ErrorCode.configInvalid.rawValue)]")
            throw ExitCode(ErrorCode.configInvalid.entry.exit)
        case .success(let configuration):
            if check {
                print("valid")
                return
            }
            do {
                try await Daemon(
                    configuration: configuration, flags: flags, environment: environment, remark: hardening
                ).run()
            } catch let error as CodedError {
                Self.say("orkd: \(error.message)   [\(error.code.rawValue)]")
                for hint in error.hints { Self.say("  hint: \(hint)") }
                throw ExitCode(error.code.entry.exit)
            }
        }
    }

    private func flags() throws -> FlagValues {
        var flags = FlagValues()
        flags.configFile = config ?? (check ? file : nil)
        guard file == nil || check else {
            throw ValidationError("a file is only read with --check; use --config")
        }
        flags.environmentFile = envFile
        flags.user = user
        if !listen.isEmpty { flags.settings["proxy.listen"] = listen.joined(separator: ",") }
        flags.settings["control.socket"] = socket
        flags.settings["state.directory"] = stateDirectory
        flags.settings["state.mode"] = state
        flags.settings["upstream.base_url"] = upstream
        flags.settings["log.level"] = logLevel
        for pair in settings {
            guard let equals = pair.firstIndex(of: "=") else {
                throw ValidationError("--set takes NAME=VALUE")
            }
            flags.settings[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        return flags
    }

    private static func say(_ line: String) {
        var bytes = Array((line + "\n").utf8)
        Redaction.mask(&bytes)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}

/// The variables this process was started with.
enum Environment {
    static var ofProcess: [String: String] {
        var result: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            next += 1
            let text = String(cString: entry)
            guard let equals = text.firstIndex(of: "=") else { continue }
            result[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        return result
    }

    /// Overwrites the values of secrets where the kernel shows them to whoever
    /// may look at this process (`/proc/PID/environ`). Before there are threads.
    static func forgetSecrets() {
        var next = environ
        while let entry = next.pointee {
            next += 1
            guard let equals = strchr(entry, Int32(UInt8(ascii: "="))) else { continue }
            let name = String(cString: entry).prefix { $0 != "=" }
            guard SecretVariables.names.contains(String(name)) else { continue }
            memset(equals + 1, 0, strlen(equals + 1))
        }
    }
}
