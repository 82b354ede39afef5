import ORKit

// Conditions that follow from the state of the daemon.

extension Condition {
    /// Why the pool serves nobody; nil while a key is usable.
    ///
    /// - Parameters:
    ///   - standstill: `Engine.standstill`.
    ///   - byState: keys by state.
    static func pool(_ standstill: Refusal?, byState: [KeyState: Int]) -> Condition? {
        guard let standstill else { return nil }
        let total = byState.values.reduce(0, +)
        guard total > 0 else {
            return Condition(
                .noUpstreamKey, text: "the pool is empty: every request gets 503",
                hint: "orkctl keys add NAME")
        }
        let counts = KeyState.allCases.compactMap { state in
            byState[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
        }
        // To the second: the exact moment is of no use to anybody.
        let wait = standstill.retryAfterMilliseconds.map { ($0 + 999) / 1000 * 1000 }
        let back = wait.map { "; the first is back in \($0.durationText)" } ?? ""
        return Condition(
            standstill.code, .error,
            text: "none of \(total) keys is usable: \(counts.joined(separator: ", "))\(back)",
            hint: "orkctl keys list")
    }

    /// - Parameter isOpen: no client key is asked for.
    static func clients(_ tally: StatusReport.ClientTally, isOpen: Bool) -> Condition? {
        if isOpen { return Condition(.openMode) }
        guard tally.usable == 0 else { return nil }
        guard tally.total > 0 else {
            return Condition(.noClient, text: "nobody can call yet", hint: "orkctl clients add NAME")
        }
        return Condition(
            .noClient, text: "nobody can call: all \(tally.total) clients are disabled or expired",
            hint: "orkctl clients list")
    }

    /// - Parameter dropped: records given up since the start.
    static func journal(dropped: Int64) -> Condition? {
        guard dropped > 0 else { return nil }
        return Condition(
            .journalBehind, .warning,
            text: "\(dropped) request records were dropped since the start, the disk did not keep up")
    }
}
