internal import ArgumentParser
import Glibc
internal import ORKClient
internal import ORKit

/// The only place where errors become exit codes (cli.md 7).
enum ExitStatus {
    /// A question was answered “no”.
    static let negative: Int32 = 2
    /// Of many, some were done and some not.
    static let partial: Int32 = 3

    /// Says what there is to say about the error.
    ///
    /// - Returns: the exit code.
    static func conclude(_ error: any Error, root: any ParsableCommand.Type, _ diagnostics: Diagnostics)
        -> Int32
    {
        switch error {
        case let ended as Ended: return ended.code
        case is RequestShown: return 0
        case is PipeClosed: return 128 + SIGPIPE
        case let coded as CodedError where coded.code == .interrupted && Shell.isRunning:
            // The terminal has shown ^C, and nothing after it.
            diagnostics.say("")
            return coded.code.entry.exit
        case let coded as CodedError:
            let code = coded.code.entry.exit
            diagnostics.fail(coded, exit: code)
            return code
        default: return conclude(parsing: error, root: root, diagnostics)
        }
    }

    /// Help and versions are answers; the rest is bad usage.
    private static func conclude(
        parsing error: any Error, root: any ParsableCommand.Type, _ diagnostics: Diagnostics
    ) -> Int32 {
        if root.exitCode(for: error) == .success {
            do {
                try Console.write(Array((root.fullMessage(for: error) + "\n").utf8), to: STDOUT_FILENO)
            } catch {
                return error is PipeClosed ? 128 + SIGPIPE : ErrorCode.outputFailed.entry.exit
            }
            return 0
        }
        var message = root.message(for: error)
        if message.hasPrefix("Error: ") { message.removeFirst(7) }
        if message.hasSuffix(".") { message.removeLast() }
        let lowered = message.prefix(1).lowercased() + message.dropFirst()
        let help = diagnostics.speaker.filter { $0 != ":" } + " --help"
        let usage = CodedError(.usage, lowered, hints: ["read about it:   \(help)"])
        diagnostics.fail(usage, exit: ErrorCode.usage.entry.exit)
        return ErrorCode.usage.entry.exit
    }
}

/// An end with a code and no words: everything has been said.
struct Ended: Error {
    let code: Int32
}
