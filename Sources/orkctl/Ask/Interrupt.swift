import Glibc

/// Ctrl-C while something long runs: the first one asks for an orderly end,
/// the second one is the end. SIGUSR1 asks for the state.
enum Interrupt {
    private nonisolated(unsafe) static var asked: sig_atomic_t = 0
    private nonisolated(unsafe) static var wished: sig_atomic_t = 0

    static var wasAsked: Bool { asked != 0 }

    static func install() {
        // Without SA_RESTART, so that a read that waits comes back.
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            if Interrupt.asked != 0 { _exit(128 + number) }
            Interrupt.asked = 1
        }
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
        action.__sigaction_handler.sa_handler = { _ in Interrupt.wished = 1 }
        sigaction(SIGUSR1, &action, nil)
    }

    static func takeStateWish() -> Bool {
        defer { wished = 0 }
        return wished != 0
    }
}
