import Glibc
internal import ORKit

/// What goes to stderr. Every text passes one place that takes secrets and
/// control characters out.
struct Diagnostics {
    /// Of the command that speaks: `orkctl: keys add`.
    let speaker: String
    let isJSON: Bool

    init(path: [String], isJSON: Bool) {
        speaker = path.isEmpty ? "orkctl" : "orkctl: " + path.joined(separator: " ")
        self.isJSON = isJSON
    }

    /// One line as it is.
    func say(_ text: String) {
        // Nothing sensible is left to do when stderr itself fails.
        try? Console.write(Array((Escaped.line(SecretShape.scrubbed(text)) + "\n").utf8), to: STDERR_FILENO)
    }

    func warn(_ remark: Remark) {
        say("\(speaker): warning: \(remark.message)   [\(remark.code.rawValue)]")
        if let hint = remark.code.entry.hints.first { say("  hint: \(hint)") }
    }

    func fail(_ error: CodedError, exit: Int32) {
        if isJSON, let line = try? JSONOutput.line(FailureDocument(error, exit: exit)) {
            say(String(line.dropLast()))
            return
        }
        say("\(speaker): \(error.message)   [\(error.code.rawValue)]")
        for hint in error.hints.prefix(2) { say("  hint: \(hint)") }
    }
}

/// The one object on stderr in JSON modes.
private struct FailureDocument: Encodable {
    struct Detail: Encodable {
        let code: ErrorCode
        let message: String
        /// The first hint, for those who want one.
        let hint: String?
        let hints: [String]
        let scope: FailureScope
        let exit: Int32
    }

    let error: Detail

    init(_ error: CodedError, exit: Int32) {
        self.error = Detail(
            code: error.code, message: error.message, hint: error.hints.first, hints: error.hints,
            scope: error.code.entry.scope, exit: exit)
    }
}
