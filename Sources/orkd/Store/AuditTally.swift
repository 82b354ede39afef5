internal import GRDB
import ORKit
import Synchronization

/// What happens too often for a row of the audit trail each time: counted in
/// memory, and written down once a minute, one row for everything of a kind
/// that one actor did.
final class AuditTally: Sendable {
    enum Event: Sendable, Hashable {
        /// The sealed secret of a pool key was opened (EN-04).
        case access(KeyAccess)
        /// The control socket refused somebody (EN-06).
        case refusal(ErrorCode)
    }

    struct Line: Sendable, Hashable {
        var event: Event
        /// With the process that was first.
        var actor: Actor
        var count: Int
        /// What it was about, where that was always the same.
        var subject: String?
    }

    private struct Occasion: Hashable {
        var event: Event
        var actor: Actor.Name
    }

    /// Occasions that are told apart; the others are the daemon's.
    static let occasions = 256

    private let lines = Mutex<[Occasion: Line]>([:])

    /// Counts some.
    ///
    /// - Parameter subject: what it is about; nil for several.
    func note(_ event: Event, by actor: Actor, about subject: String?, count: Int = 1) {
        guard count > 0 else { return }
        lines.withLock { lines in
            let own = Occasion(event: event, actor: actor.name)
            let hasRoom = lines[own] != nil || lines.count < Self.occasions
            let occasion = hasRoom ? own : Occasion(event: event, actor: .orkd)
            var line =
                lines[occasion]
                ?? Line(event: event, actor: hasRoom ? actor : .daemon, count: 0, subject: subject)
            if line.subject != subject { line.subject = nil }
            line.count += count
            lines[occasion] = line
        }
    }

    /// Everything that is to be written down.
    func take() -> [Line] {
        let taken = lines.withLock { lines in
            let taken = Array(lines.values)
            lines = [:]
            return taken
        }
        return taken.sorted {
            ($0.verb, $0.reason, $0.actor.name.text) < ($1.verb, $1.reason, $1.actor.name.text)
        }
    }
}

extension AuditTally.Line {
    var verb: String {
        switch event {
        case .access: "keys.access"
        case .refusal: "control.refused"
        }
    }

    var reason: String {
        switch event {
        case .access(let access): access.rawValue
        case .refusal(let code): code.rawValue
        }
    }

    /// Of the row: how many keys, or where somebody was refused.
    fileprivate var target: String {
        switch event {
        case .access: count == 1 ? "1 key" : "\(count) keys"
        case .refusal: "control socket"
        }
    }

    fileprivate var values: [String: AuditValue] {
        var values: [String: AuditValue] = ["reason": .text(reason), "times": .number(Int64(count))]
        if case .access = event { values["key"] = .text(subject) }
        return values
    }
}

extension Store {
    /// Writes down what was counted since the last time. What cannot be
    /// written is kept for the next.
    func tellTally(at now: WallTime) async throws {
        let lines = tally.take()
        guard !lines.isEmpty else { return }
        do {
            try await transact { db in
                for line in lines {
                    try AuditTable.append(
                        line.verb, line.target, by: line.actor, at: now, after: line.values, db)
                }
            }
        } catch {
            for line in lines {
                tally.note(line.event, by: line.actor, about: line.subject, count: line.count)
            }
            throw error
        }
    }
}

/// What the sealed secret of a pool key is opened for.
enum KeyAccess: String, Sendable, CaseIterable {
    /// The daemon begins: all of them.
    case start
    /// A key was changed, and the engine takes it over as a whole.
    case change
    /// Somebody asked for it in the clear.
    case export
    /// An import names keys of the pool without their secrets.
    case imports = "import"
    /// The upstream is asked about the key: by an operator, by the daemon, or
    /// for what the key has cost.
    case test, check, reconcile
    /// The upstream is asked what an answer has cost.
    case usage
    /// The upstream is asked for its list of models.
    case models
}
