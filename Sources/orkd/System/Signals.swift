import Dispatch
import Glibc
import Synchronization

/// What the signals mean: the first SIGTERM or SIGINT asks to drain, the
/// second to go at once, SIGHUP to read the configuration again. SIGPIPE is
/// ignored: a write that fails says so itself.
final class Signals: Sendable {
    enum Request: Sendable, Hashable {
        case drain(signal: Int32)
        /// The exit code is 128 plus the signal, by convention.
        case exitNow(signal: Int32)
        case reload
    }

    // Written once here and cancelled at the end; a source itself may be used
    // from any thread.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    /// Listens when it returns, for as long as the value lives.
    ///
    /// - Parameter act: called on a queue of its own, one request at a time.
    ///   A drain that is waited for inside would hold the second signal up.
    init(act: @escaping @Sendable (Request) -> Void) {
        signal(SIGPIPE, SIG_IGN)
        let queue = DispatchQueue(label: "ork.signals")
        let interpreter = Interpreter()
        let registered = DispatchGroup()
        sources = [SIGTERM, SIGINT, SIGHUP].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { act(interpreter.request(for: number)) }
            registered.enter()
            source.setRegistrationHandler { registered.leave() }
            source.activate()
            return source
        }
        // Until then a signal still has its default effect.
        registered.wait()
    }

    deinit {
        for source in sources { source.cancel() }
    }

    /// Remembers whether a drain was asked for.
    final class Interpreter: Sendable {
        private let draining = Atomic(false)

        func request(for number: Int32) -> Request {
            if number == SIGHUP { return .reload }
            return draining.exchange(true, ordering: .relaxed)
                ? .exitNow(signal: number) : .drain(signal: number)
        }
    }
}
