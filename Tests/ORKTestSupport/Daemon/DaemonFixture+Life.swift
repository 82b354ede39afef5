import Foundation
import MockUpstream
import NIOConcurrencyHelpers

extension DaemonFixture {
    public struct DidNotStart: Error, CustomStringConvertible {
        public let status: String
        public let log: String
        public var description: String { "orkd did not become ready (\(status)):\n\(log)" }
    }

    /// Starts the daemon and returns when it has said `READY=1`.
    ///
    /// - Returns: how long that took.
    @discardableResult
    public func start() async throws -> Duration {
        let number = state.withLockedValue { state in
            state.starts += 1
            return state.starts
        }
        let socket = try NotifySocket(path: "\(scratch.path)/run/notify\(number)")
        if let owner = options.owner {
            for file in ["", "/state", "/run", "/logs", "/orkd.toml", "/run/notify\(number)"] {
                chown(scratch.path + file, owner, gid_t(owner))
            }
        }
        notify.withLockedValue { $0 = socket }
        let process = Process()
        let command =
            options.startedBy + [try BuiltPrograms.path("orkd"), "--user", "--config", configFile]
            + options.arguments
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = environment.merging(["NOTIFY_SOCKET": socket.path]) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try logFile("stdout")
        process.standardError =
            try options.logDescriptor.map {
                FileHandle(fileDescriptor: $0, closeOnDealloc: false)
            } ?? logFile("stderr")
        process.terminationHandler = { socket.add("EXITED=\($0.shellStatus)") }
        let began = ContinuousClock.now
        try process.run()
        state.withLockedValue { state in
            state.process = process
            state.pid = process.processIdentifier
        }
        let message = try await socket.first(within: options.patience) {
            $0.contains("READY=1") || $0.hasPrefix("EXITED=")
        }
        let took = ContinuousClock.now - began
        guard message.contains("READY=1") else { throw DidNotStart(status: message, log: log) }
        try await learnPort(from: socket)
        searchProcess()
        return took
    }

    /// Starts a daemon that is expected to stop by itself.
    ///
    /// - Returns: its exit status and what it wrote.
    public func startExpectingExit(arguments: [String] = []) async throws -> Program.Ran {
        let program = Program(
            try BuiltPrograms.path("orkd"), environment: environment, directory: scratch.path)
        return try await program.run(["--user", "--config", configFile] + options.arguments + arguments)
    }

    /// SIGKILL: what is not on disk is lost.
    public func kill9() async throws { try await signal(SIGKILL) }

    /// A signal that nobody expects, as a fault in the daemon would raise it.
    ///
    /// - Returns: exit status as a shell tells it.
    public func die(by number: Int32) async throws -> Int32 { try await signal(number) }

    /// SIGTERM: drain, then stop.
    ///
    /// - Returns: exit status as a shell tells it.
    @discardableResult
    public func terminate() async throws -> Int32 { try await signal(SIGTERM) }

    /// Stops, unless it is stopped, and starts again on the same directory.
    @discardableResult
    public func restart() async throws -> Duration {
        if isRunning { try await terminate() }
        return try await start()
    }

    /// Has the daemon read its configuration again, and returns when it has.
    public func reload() async throws {
        guard let socket = notify.withLockedValue({ $0 }) else { return }
        let seen = socket.messages.count
        send(signal: SIGHUP)
        _ = try await socket.first(within: options.patience, after: seen) { $0.hasPrefix("READY=1") }
    }

    /// The first such message to the service manager, now or later.
    ///
    /// - Parameter seen: so many of `notifications` are not looked at.
    @discardableResult
    public func notification(after seen: Int = 0, where matches: @escaping @Sendable (String) -> Bool)
        async throws -> String
    {
        guard let socket = notify.withLockedValue({ $0 }) else {
            throw DidNotStart(status: "not started", log: log)
        }
        return try await socket.first(within: options.patience, after: seen, where: matches)
    }

    /// Returns when a line of the log is as wanted. A thread of the daemon
    /// writes the log when it gets to it, and nothing tells when: looked at
    /// again and again.
    public func logged(_ matches: (String) -> Bool) async throws {
        let deadline = ContinuousClock.now + options.patience
        while !log.split(separator: "\n").contains(where: { matches(String($0)) }) {
            guard ContinuousClock.now < deadline else {
                throw DidNotStart(status: "the log does not say so", log: log)
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    public var isRunning: Bool { state.withLockedValue { $0.process?.isRunning ?? false } }

    /// Sends a signal without waiting.
    public func send(signal number: Int32) {
        if isRunning { kill(pid, number) }
    }

    /// Waits for the end of the process, however it comes.
    public func exit() async throws -> Int32 {
        guard let socket = notify.withLockedValue({ $0 }) else { return 0 }
        let message = try await socket.first(within: options.patience) { $0.hasPrefix("EXITED=") }
        return Int32(message.dropFirst("EXITED=".count)) ?? -1
    }

    @discardableResult
    private func signal(_ number: Int32) async throws -> Int32 {
        searchProcess()
        send(signal: number)
        return try await exit()
    }

    /// From the status text; `listening on 127.0.0.1:PORT`.
    private func learnPort(from socket: NotifySocket) async throws {
        if socket.messages.contains(where: { $0.contains("no data port") }) { return }
        for message in socket.messages {
            guard let place = message.firstRange(of: "listening on ") else { continue }
            let address = message[place.upperBound...].prefix { !$0.isWhitespace && $0 != "," && $0 != ";" }
            if let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...])
            {
                state.withLockedValue { $0.port = port }
                return
            }
        }
        let listeners = try await control("GET", "/v1/status").json?["item"]?["listeners"]?.elements ?? []
        let port = listeners.compactMap(\.text).first?.split(separator: ":").last.flatMap { Int($0) }
        guard let port else { throw DidNotStart(status: "no listener is reported", log: log) }
        state.withLockedValue { $0.port = port }
    }

    private func searchProcess() {
        let (pid, canaries) = state.withLockedValue { ($0.pid, $0.canaries) }
        guard pid > 0 else { return }
        var scan = SecretScan(canaries)
        scan.search(process: pid)
        state.withLockedValue { $0.hits += scan.hits }
    }

    private func logFile(_ name: String) throws -> FileHandle {
        let path = scratch.path + "/logs/" + name
        if !FileManager.default.fileExists(atPath: path) { try scratch.file("logs/" + name) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        // A pipe has no end.
        _ = try? handle.seekToEnd()
        return handle
    }
}
