import NIOConcurrencyHelpers
import ORKit

/// What is wrong right now, from whoever noticed it. Safe to call from any
/// thread; never blocks for long.
///
/// Two kinds: *raised* ones, which somebody reports when they begin and end,
/// and *derived* ones, computed from the state of the daemon each time
/// somebody looks.
final class Conditions: Sendable {
    private struct Entry {
        var condition: Condition
        var since: Now
    }

    private struct State {
        var raised: [ErrorCode: Entry] = [:]
        var derived: [ErrorCode: Entry] = [:]
    }

    private let state = NIOLockedValueBox(State())

    /// Begins, or says anew what is wrong; the beginning stays.
    func raise(_ condition: Condition, at now: Now) {
        state.withLockedValue { state in
            let since = state.raised[condition.code]?.since ?? now
            state.raised[condition.code] = Entry(condition: condition, since: since)
        }
    }

    func clear(_ code: ErrorCode) { state.withLockedValue { $0.raised[code] = nil } }

    /// Whether somebody has reported it and not its end.
    func isRaised(_ code: ErrorCode) -> Bool { state.withLockedValue { $0.raised[code] != nil } }

    /// As `raise` with the catalogue's words, or `clear`: the form in which
    /// the journal reports.
    func report(_ code: ErrorCode, _ holds: Bool, at now: Now) {
        if holds { raise(Condition(code), at: now) } else { clear(code) }
    }

    /// Replaces all that was computed before; what is still there keeps its
    /// beginning.
    func derive(_ conditions: [Condition], at now: Now) {
        state.withLockedValue { state in
            let before = state.derived
            state.derived = [:]
            for condition in conditions {
                let since = before[condition.code]?.since ?? now
                state.derived[condition.code] = Entry(condition: condition, since: since)
            }
        }
    }

    /// What an operator should see: no condition whose cause is listed too,
    /// none that is younger than its time-to-visible; errors first, then the
    /// older ones.
    func visible(at now: Now) -> [ConditionView] {
        let entries = state.withLockedValue { $0.derived.merging($0.raised) { _, raised in raised } }
        return entries.values
            .filter { entry in
                let age = (now.monotonic - entry.since.monotonic) / 1_000_000
                return age >= entry.condition.code.timeToVisible
                    && !entry.condition.code.causes.contains { entries[$0] != nil }
            }
            .sorted {
                ($0.condition.severity.rawValue, $0.since.wall, $0.condition.code.rawValue)
                    < ($1.condition.severity.rawValue, $1.since.wall, $1.condition.code.rawValue)
            }
            .map { entry in
                ConditionView(
                    code: entry.condition.code, severity: entry.condition.severity.rawValue,
                    text: entry.condition.text, hint: entry.condition.hint, since: entry.since.wall.rfc3339)
            }
    }
}
