import Glibc
internal import ORKit

/// What an import shows while it runs: one line that is drawn anew on a
/// terminal, else a line every five seconds.
struct Progress {
    private let isTerminal: Bool
    private let isOff: Bool
    private let total: Int64?
    private let diagnostics: Diagnostics
    private let begin = ContinuousClock.now
    private var last = ContinuousClock.now
    private var isDrawn = false

    /// - Parameter total: bytes to send, if they are known.
    init(_ session: Session, total: Int64?) {
        isTerminal = isatty(STDERR_FILENO) == 1
        isOff = session.globals.quiet || session.format.isJSON
        diagnostics = session.diagnostics
        self.total = total
    }

    mutating func update(_ counts: ImportCounts, sent: Int64, force: Bool = false) {
        let now = ContinuousClock.now
        let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
        guard force || (!isOff && now - last >= pause) else { return }
        last = now
        guard isTerminal else { return diagnostics.say(Self.text(counts, sent: sent, total: total)) }
        let elapsed = Double((now - begin).components.seconds) + 0.001
        let rate = Double(counts.lines) / max(elapsed, 0.1)
        let line =
            Self.bar(sent: sent, total: total) + Self.text(counts, sent: sent, total: total)
            + (elapsed > 1 ? "   \(Human.count(Int64(rate)))/s" : "")
        let cut = Width.cut(line, to: max(20, Width.ofTerminal(STDERR_FILENO) - 1))
        try? Console.write(Array("\r\u{1B}[K\(cut)".utf8), to: STDERR_FILENO)
        isDrawn = true
    }

    /// Takes the line away, so that the result stands alone.
    mutating func clear() {
        guard isDrawn else { return }
        isDrawn = false
        try? Console.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    static func text(_ counts: ImportCounts, sent: Int64, total: Int64?) -> String {
        var text = "\(Human.count(counts.lines)) lines   \(Human.count(counts.added)) added"
        if counts.duplicates > 0 { text += "   \(Human.count(counts.duplicates)) unchanged" }
        if counts.rejected > 0 { text += "   \(Human.count(counts.rejected)) rejected" }
        return text + "   \(Human.bytes(sent))" + (total.map { " of \(Human.bytes($0))" } ?? "")
    }

    /// Twenty cells in steps of an eighth; empty when the end is unknown.
    static func bar(sent: Int64, total: Int64?) -> String {
        guard let total, total > 0 else { return "" }
        let eighths = Int(min(1, Double(sent) / Double(total)) * 160)
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let full = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
        return full + String(repeating: " ", count: max(0, 20 - full.count)) + "  "
    }
}
