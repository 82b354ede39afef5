import ORKTestSupport
import ORKit

/// One line of the table of callers' faults: what a caller does, and what
/// must come of it. A caller's fault is never held against a key.
struct CallerFault: Sendable {
    /// How a caller leaves.
    enum Way: String, Sendable {
        case fin = "FIN"
        case rst = "RST"
        /// It sends FIN and could still read.
        case half = "half-close"
        case stays = "–"
    }

    /// What the upstream notices.
    enum Upstream: String, Sendable {
        case nothing = "–"
        case served
        /// Its connection is closed, in at most 100 ms.
        case cancelled
    }

    var name: String
    var ways: [Way]
    /// The fault is made so often, each time with another number.
    var turns = 0..<1
    /// Each answer's status, with its code; an answer that is not whole is
    /// `cut`.
    var hears: String
    var upstream: Upstream
    /// How the record says that the request ended; nil: there is no record.
    var end: RequestEnd?
    var usage = UsageQuality.none
    /// Failures of the upstream that it takes to get there.
    var failures: Int64 = 0
    /// The daemon's deadlines for callers are short.
    var isUrgent = false
    var play: @Sendable (CallerScene) async throws -> [Reply]

    /// As the page has it.
    var line: String {
        let cells = [
            name, ways.map(\.rawValue).joined(separator: ", "), hears, upstream.rawValue,
            end.map(\.name) ?? "–", end == nil ? "–" : usage.name,
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    /// What a caller heard, as the table says it.
    static func words(_ replies: [Reply]) -> String {
        let words = replies.map { reply in
            let interim = reply.informational.map { "\($0), " }.joined()
            let code = reply.errorCode.map { " \($0)" } ?? ""
            return interim + "\(reply.status)" + code + (reply.complete ? "" : ", cut")
        }
        if words.count > 3, Set(words).count == 1 { return "\(words[0]), \(words.count) times" }
        return words.isEmpty ? "–" : words.joined(separator: "; ")
    }
}
