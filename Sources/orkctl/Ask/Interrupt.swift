import Glibc
internal import ORKit

/// Ctrl-C while something long runs: the first one asks for an orderly end,
/// the second one is the end. SIGUSR1 asks for the state.
enum Interrupt {
    private nonisolated(unsafe) static var asked: sig_atomic_t = 0
    private nonisolated(unsafe) static var wished: sig_atomic_t = 0

    private nonisolated(unsafe) static var isShell = false

    static var wasAsked: Bool { asked != 0 }

    /// In the shell: Ctrl-C ends the command that runs, not the shell; only
    /// when it is pressed again and again is something stuck.
    static func catchForShell() {
        isShell = true
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            if Interrupt.asked >= 3 { _exit(128 + number) }
            Interrupt.asked += 1
        }
        sigaction(SIGINT, &action, nil)
    }

    /// Before the next command of the shell.
    static func reset() { asked = 0 }

    static func install() {
        if isShell { return }
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

    /// Waits, unless Ctrl-C came or comes meanwhile.
    static func sleep(milliseconds: Int64) throws {
        if wasAsked { throw CodedError(.interrupted, hints: []) }
        var time = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
        nanosleep(&time, nil)
        if wasAsked { throw CodedError(.interrupted, hints: []) }
    }

    static func takeStateWish() -> Bool {
        defer { wished = 0 }
        return wished != 0
    }
}
