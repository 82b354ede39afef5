import Glibc
internal import ORKit

/// The question before something is gone.
enum Confirm {
    /// Asks on a terminal; elsewhere only `--yes` agrees.
    ///
    /// - Throws: `not-confirmed`; nothing has been done then.
    static func ask(_ question: String, _ session: Session) throws {
        let globals = session.globals
        if globals.yes || globals.dryRun || globals.showRequest { return }
        guard session.mayAsk else {
            throw CodedError(
                .notConfirmed, "\(question) needs a yes, and nobody is there to ask",
                hints: ["look first:   add --dry-run", "agree beforehand:   add --yes"])
        }
        try Console.write(Array((Escaped.line(question) + "? [y/N] ").utf8), to: STDERR_FILENO)
        let answer = try LineReader(STDIN_FILENO).next()?.lowercased() ?? ""
        guard answer == "y" || answer == "yes" else {
            throw CodedError(.notConfirmed, "not confirmed; nothing was changed", hints: [])
        }
    }
}
