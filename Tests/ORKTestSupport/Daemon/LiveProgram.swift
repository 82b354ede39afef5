@preconcurrency import Dispatch
import Foundation
import Glibc
import NIOConcurrencyHelpers

/// A program that a test talks with while it runs: on a terminal of its own,
/// or through pipes.
public final class LiveProgram: Sendable {
    private struct State {
        var shown: [UInt8] = []
        var status: Int32?
        var waiters: [(id: Int, matches: @Sendable ([UInt8]) -> Bool, resume: Waiter)] = []
        var count = 0
    }
    private typealias Waiter = CheckedContinuation<String, any Error>

    public struct NeverShown: Error, CustomStringConvertible {
        public let shown: String
        public var description: String {
            "what was waited for was never shown; shown was: …\(shown.suffix(2000))"
        }
    }

    private let state = NIOLockedValueBox(State())
    private let process: Process
    private let input: FileHandle
    private let output: Int32
    private let source: any DispatchSourceRead
    private let queue = DispatchQueue(label: "live program")
    private let patience: Duration

    /// Starts it.
    ///
    /// - Parameter onTerminal: all three streams are a terminal; otherwise
    ///   they are pipes, and both outputs are read as one.
    public init(
        _ path: String, _ arguments: [String], environment: [String: String], onTerminal: Bool,
        patience: Duration = .seconds(20)
    ) throws {
        self.patience = patience
        process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        let others: [FileHandle]
        if onTerminal {
            let (master, slave) = try Self.terminal()
            (input, output) = (FileHandle(fileDescriptor: master, closeOnDealloc: false), master)
            others = [FileHandle(fileDescriptor: slave, closeOnDealloc: false)]
            process.standardInput = others[0]
            process.standardOutput = others[0]
            process.standardError = others[0]
        } else {
            let (stdin, stdout) = (Pipe(), Pipe())
            input = stdin.fileHandleForWriting
            output = dup(stdout.fileHandleForReading.fileDescriptor)
            others = []
            process.standardInput = stdin
            process.standardOutput = stdout
            process.standardError = stdout
        }
        _ = fcntl(output, F_SETFD, FD_CLOEXEC)
        let (state, output) = (state, output)
        source = DispatchSource.makeReadSource(fileDescriptor: output, queue: queue)
        source.setEventHandler { Self.read(output, into: state) }
        source.setCancelHandler { close(output) }
        process.terminationHandler = { [queue, source] process in
            queue.async {
                // What it wrote last may not have been seen yet.
                Self.read(output, into: state)
                Self.change(state) { $0.status = process.shellStatus }
                source.cancel()
            }
        }
        _ = fcntl(output, F_SETFL, fcntl(output, F_GETFL) | O_NONBLOCK)
        source.activate()
        try Self.withoutBlockedSignals { try process.run() }
        for other in others { try other.close() }
    }

    public var pid: Int32 { process.processIdentifier }
    public var shown: String { String(decoding: state.withLockedValue { $0.shown }, as: UTF8.self) }

    /// Waits until what was shown so far satisfies the condition.
    @discardableResult
    public func shows(_ matches: @escaping @Sendable (String) -> Bool) async throws -> String {
        try await told(when: { matches(String(decoding: $0, as: UTF8.self)) })
    }

    /// The same for a text that must be part of it; quick also in megabytes.
    @discardableResult
    public func shows(_ text: String) async throws -> String {
        let wanted = Data(text.utf8)
        return try await told(when: { Data($0).range(of: wanted) != nil })
    }

    private func told(when matches: @escaping @Sendable ([UInt8]) -> Bool) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            let id = state.withLockedValue { state in
                state.count += 1
                state.waiters.append((state.count, matches, continuation))
                return state.count
            }
            Self.change(state) { _ in }
            let wait = DispatchTimeInterval.milliseconds(Int(patience / .milliseconds(1)))
            queue.asyncAfter(deadline: .now() + wait) { [state] in
                let waiter = state.withLockedValue { state in
                    state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
                }
                waiter?.resume.resume(throwing: NeverShown(shown: self.shown))
            }
        }
    }

    public func type(_ text: String) throws { try input.write(contentsOf: Data(text.utf8)) }

    public func signal(_ number: Int32) { kill(pid, number) }

    /// Ends it at once if it still runs.
    func stop() { if state.withLockedValue({ $0.status }) == nil { signal(SIGKILL) } }

    /// Waits for its end; kills it when that does not come in time.
    ///
    /// - Returns: the status, a signal as 128 and its number.
    public func end() async throws -> Int32 {
        do {
            let state = state
            try await shows { _ in state.withLockedValue { $0.status } != nil }
        } catch {
            signal(SIGKILL)
            throw error
        }
        return state.withLockedValue { $0.status } ?? -1
    }

    private static func read(_ descriptor: Int32, into state: NIOLockedValueBox<State>) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var new: [UInt8] = []
        while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 {
            new += buffer[..<count]
        }
        if !new.isEmpty { change(state) { $0.shown += new } }
    }

    private static func change(_ state: NIOLockedValueBox<State>, _ body: (inout State) -> Void) {
        let (shown, waiters) = state.withLockedValue { state in
            body(&state)
            return (state.shown, state.waiters)
        }
        // Outside the lock: a condition may look at the state itself.
        let ids = Set(waiters.filter { $0.matches(shown) }.map(\.id))
        let told = state.withLockedValue { state in
            let told = state.waiters.filter { ids.contains($0.id) }
            state.waiters.removeAll { ids.contains($0.id) }
            return told
        }
        guard !told.isEmpty else { return }
        let text = String(decoding: shown, as: UTF8.self)
        for waiter in told { waiter.resume.resume(returning: text) }
    }

    /// Threads of the test runner may block signals, and a child inherits
    /// that.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private static func terminal() throws -> (master: Int32, slave: Int32) {
        var (master, slave): (Int32, Int32) = (-1, -1)
        guard openpty(&master, &slave, nil, nil, nil) == 0 else { throw CocoaError(.fileNoSuchFile) }
        for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (master, slave)
    }
}
