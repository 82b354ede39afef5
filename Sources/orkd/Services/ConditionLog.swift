import NIOConcurrencyHelpers
import ORKit

/// Notes when a condition begins and when it ends, from one look to the next.
final class ConditionLog: Sendable {
    private let seen = NIOLockedValueBox<[ErrorCode: ConditionView]>([:])

    /// - Parameter visible: what an operator would see now.
    func notes(of visible: [ConditionView], at now: WallTime) -> [EventNote] {
        seen.withLockedValue { seen in
            let present = Dictionary(visible.map { ($0.code, $0) }) { first, _ in first }
            let begun = visible.filter { seen[$0.code] == nil }
            let ended = seen.values.filter { present[$0.code] == nil }.sorted {
                $0.code.rawValue < $1.code.rawValue
            }
            seen = present
            return begun.map { condition in
                EventNote(
                    at: WallTime(rfc3339: condition.since) ?? now, kind: .condition,
                    severity: EventSeverity(rawValue: condition.severity) ?? .warning, event: "began",
                    code: condition.code, text: condition.text)
            }
                + ended.map { condition in
                    EventNote(
                        at: now, kind: .condition, severity: .info, event: "ended", code: condition.code,
                        text: "over: " + condition.code.entry.title)
                }
        }
    }
}
