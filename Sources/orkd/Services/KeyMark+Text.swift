import ORKit

extension KeyMark {
    /// What a verdict left behind, on one line: `rest for v/m by
    /// 429-rate-limited: the words, until …`.
    var text: String {
        let about = rest.model.map { " for \($0)" } ?? ""
        let evidence = rest.evidence.isEmpty ? "" : ": \(rest.evidence)"
        let end = until.map { ", until \($0.rfc3339)" } ?? ""
        return "\(kind.rawValue)\(about) by \(rest.rule)\(evidence)\(end)"
    }

    /// A suspect's end is only when it is asked about next.
    var until: WallTime? {
        kind == .rest || kind == .broken ? rest.untilMilliseconds.map(WallTime.init(milliseconds:)) : nil
    }

    var causeName: String? { Cause(rawValue: rest.cause)?.name }

    var audit: [String: AuditValue] {
        [
            "verdict": .text(kind.rawValue), "rule": .text(rest.rule), "scope": .text(rest.scope.rawValue),
            "cause": .text(causeName), "model": .text(rest.model), "evidence": .text(rest.evidence),
            "since": .text(WallTime(milliseconds: rest.sinceMilliseconds).rfc3339),
            "until": .text(until?.rfc3339),
        ]
    }
}
