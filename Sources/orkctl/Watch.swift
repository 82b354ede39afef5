internal import ArgumentParser
import Glibc
internal import ORKit

/// `--watch`: of lists, `status` and `health`.
struct WatchOption: ParsableArguments {
    @Option(
        name: .customLong("watch"),
        help: ArgumentHelp(
            "Show it anew, every 2s or as often as said (--watch=10s), until Ctrl-C.", valueName: "duration"))
    var pause: Span?

    /// What `--watch` alone means; only the form with `=` takes a value.
    static let standard = "2s"

    func validate() throws {
        if let pause, pause.milliseconds < 100 { throw ValidationError("--watch needs 100ms or more") }
    }
}

/// Runs a verb again and again, until a signal ends the program.
enum Watch {
    /// - Parameter begin: makes the session of one round.
    /// - Throws: what would not be better the next time.
    static func run(_ verb: any Verb, every pause: Span, _ begin: () -> Session) throws -> Never {
        while true {
            let session = begin()
            // One write for a whole frame, so that nothing flickers.
            if session.out.isTerminal { try session.out.write("\u{1B}[H\u{1B}[J") }
            do {
                try verb.run(in: session)
            } catch is Ended {
                // The answer was “no”; it may be another one soon.
            } catch let error as CodedError where error.code == .daemonAbsent || error.code == .timedOut {
                try session.out.flush()
                session.diagnostics.fail(error, exit: error.code.entry.exit)
            }
            try session.out.flush()
            try Interrupt.sleep(milliseconds: pause.milliseconds)
        }
    }
}
