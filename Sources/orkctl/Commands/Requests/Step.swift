internal import ORKit

/// One line of a story about a request.
struct Step {
    var what: String
    var why: String
    var tone = Tone.plain

    /// Several lines, each with its newline; escaped.
    ///
    /// - Parameter code: how it ended, for what may be done next.
    static func story(_ headline: String, _ steps: [Step], next code: ErrorCode?, _ style: Style) -> String {
        var text = Escaped.line(headline) + "\n"
        let width = steps.map { Width.of(Escaped.line($0.what)) }.max() ?? 0
        for (index, step) in steps.enumerated() {
            let what = Escaped.line(step.what)
            let space = String(repeating: " ", count: width - Width.of(what) + 2)
            let number = String(repeating: " ", count: index < 9 ? 2 : 1) + String(index + 1)
            text += number + "  " + style.paint(what, step.tone) + space + Escaped.line(step.why) + "\n"
        }
        // Whoever reads this has explained the request already.
        let hints = (code?.entry.hints ?? []).filter { !$0.contains("orkctl explain") }
        for (index, hint) in hints.prefix(2).enumerated() {
            text += (index == 0 ? "  next: " : "        ") + hint + "\n"
        }
        return text
    }
}
