import ORKit

/// One thing that is wrong with the configuration.
struct ConfigIssue: Sendable, Hashable, CustomStringConvertible {
    var source: SettingSource
    /// One line, no secret.
    var message: String
    /// What to write instead, if that can be known.
    var hint: String?

    init(_ source: SettingSource, _ message: String, hint: String? = nil) {
        self.source = source
        self.message = message
        self.hint = hint
    }

    /// `orkd.toml:3:1: proxy.lisen is not a setting (did you mean proxy.listen?)`
    var description: String { source.place + message + (hint.map { " (\($0))" } ?? "") }

    var finding: ConfigFinding {
        let (line, column) = source.position
        return ConfigFinding(line: line, column: column, message: message, hint: hint)
    }
}

/// Everything that is wrong with the configuration: all of it at once, so
/// that it takes one round to repair.
struct ConfigErrors: Error, Sendable {
    var issues: [ConfigIssue]

    /// One line per issue, in the order of the layers.
    var lines: [String] { issues.map(\.description) }

    /// The first issue with the count of the others, for whoever shows one.
    var coded: CodedError {
        let others = issues.count > 1 ? ", and \(issues.count - 1) more" : ""
        return CodedError(.configInvalid, (lines.first ?? "the configuration is not valid") + others)
    }
}
