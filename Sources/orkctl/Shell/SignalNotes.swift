import Glibc

/// Signals while a line is edited. They are held back everywhere but in
/// `wait`, so none is lost between a look and a wait.
enum SignalNotes {
    enum Event {
        case input
        case interrupt
        case suspend
        /// Continued after a stop that came from outside.
        case resumed
        case resized
        /// SIGTERM, SIGHUP, SIGQUIT.
        case end(Int32)
    }

    private static let watched = [SIGINT, SIGTSTP, SIGCONT, SIGWINCH, SIGTERM, SIGHUP, SIGQUIT]
    /// The newest signal that nobody has looked at; written by the handler.
    private nonisolated(unsafe) static var noted: sig_atomic_t = 0
    private nonisolated(unsafe) static var before: [sigaction] = []
    private nonisolated(unsafe) static var outside = sigset_t()

    static func hold() {
        var held = sigset_t()
        sigemptyset(&held)
        for number in watched { sigaddset(&held, number) }
        sigprocmask(SIG_BLOCK, &held, &outside)
        noted = 0
        before = watched.map { number in
            var action = sigaction()
            var old = sigaction()
            action.__sigaction_handler.sa_handler = { SignalNotes.noted = sig_atomic_t($0) }
            sigaction(number, &action, &old)
            return old
        }
    }

    static func release() {
        for (number, old) in zip(watched, before) {
            var old = old
            sigaction(number, &old, nil)
        }
        sigprocmask(SIG_SETMASK, &outside, nil)
    }

    /// - Parameter descriptor: one of the standard streams.
    static func wait(for descriptor: Int32) -> Event {
        var open = outside
        for number in watched { sigdelset(&open, number) }
        while true {
            var readable = fd_set()
            readable.__fds_bits.0 = 1 << descriptor
            let count = pselect(descriptor + 1, &readable, nil, nil, nil, &open)
            let number = Int32(noted)
            noted = 0
            switch number {
            case SIGINT: return .interrupt
            case SIGTSTP: return .suspend
            case SIGCONT: return .resumed
            case SIGWINCH: return .resized
            case SIGTERM, SIGHUP, SIGQUIT: return .end(number)
            default: if count > 0 { return .input }
            }
        }
    }

    /// Stops the process as Ctrl-Z does, and returns when it goes on.
    static func stop() {
        var standard = sigaction()
        var ours = sigaction()
        sigaction(SIGTSTP, &standard, &ours)
        kill(getpid(), SIGTSTP)
        var only = sigset_t()
        var held = sigset_t()
        sigemptyset(&only)
        sigaddset(&only, SIGTSTP)
        sigaddset(&only, SIGCONT)
        // It is delivered here, and so is what ends the stop.
        sigprocmask(SIG_UNBLOCK, &only, &held)
        sigprocmask(SIG_SETMASK, &held, nil)
        sigaction(SIGTSTP, &ours, nil)
        noted = 0
    }
}
