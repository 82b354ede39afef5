import ORKit

/// One health statement (cli.md 8), before anybody knows since when.
struct Condition: Sendable, Hashable {
    /// The words are those of `ConditionView`, in the order in which they are
    /// shown.
    enum Severity: String, Sendable { case error, warning }

    var code: ErrorCode
    var severity: Severity
    /// One line, lower case, no full stop.
    var text: String
    /// One command that can be pasted.
    var hint: String?

    /// With the catalogue's words where there are no better ones.
    init(_ code: ErrorCode, _ severity: Severity? = nil, text: String? = nil, hint: String? = nil) {
        self.code = code
        self.severity = severity ?? code.usualSeverity
        self.text = text ?? code.entry.title
        self.hint = hint ?? code.entry.hints.first.map(Self.command)
    }

    /// The catalogue's hints say first what the command is for.
    private static func command(_ hint: String) -> String {
        guard let gap = hint.firstRange(of: ":   ") else { return hint }
        return String(hint[gap.upperBound...])
    }
}

extension ErrorCode {
    /// Errors mean that requests are refused; warnings need not be acted on
    /// at once and leave the daemon healthy.
    fileprivate var usualSeverity: Condition.Severity {
        switch self {
        case .noClient, .openMode, .draining, .journalBehind, .upstreamSlow, .upstreamRateLimited,
            .poolFloorReached:
            .warning
        default: .error
        }
    }

    /// Milliseconds for which it must have held, so that what passes by
    /// itself alarms nobody.
    var timeToVisible: Int64 {
        switch self {
        case .upstreamSlow: 10_000
        case .upstreamUnreachable, .poolFloorReached: 3000
        default: 0
        }
    }

    /// What explains it: listed together, only the cause is shown.
    var causes: [ErrorCode] {
        switch self {
        case .journalBehind: [.storageUnavailable]
        case .upstreamSlow: [.upstreamUnreachable]
        case .allKeysResting: [.upstreamUnreachable]
        default: []
        }
    }
}
