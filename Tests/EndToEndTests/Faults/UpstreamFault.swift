import MockUpstream
import ORKit

/// One line of the table of upstream faults: what goes wrong, and what must
/// come of it with one key in the pool and with three.
struct UpstreamFault: Sendable {
    /// How things stand when the request comes.
    enum Scene: Sendable {
        /// No connection to the upstream is open.
        case fresh
        /// One is, and has carried a good answer.
        case used
        /// Nobody listens.
        case refusing
        /// Connections are reset as soon as they are accepted.
        case dropping
        /// Connecting neither succeeds nor fails.
        case silentPort
        /// The upstream's name does not resolve.
        case unknownName
    }

    /// The deadline that each failed attempt runs into, or what the same key
    /// waits for.
    enum Deadline: String, Sendable {
        case none = "–"
        case connect, head, idle
        /// The end that the answer states, where nobody else can serve.
        case stated
    }

    /// What the upstream does with the attempts of one request.
    enum Play: Sendable {
        /// The same with all that one key makes; with three keys in the pool
        /// only the first is bad.
        case bad(@Sendable (Form, Gate) -> Act)
        /// One after the other, then well.
        case list(@Sendable (Form) -> [Act])
        /// Nothing: the scene is the fault.
        case none
    }

    var name: String
    var scene = Scene.fresh
    var play = Play.none
    /// With one key, which may be tried twice; nil: a matter of several keys.
    var one: Outcomes?
    /// With three keys of three accounts.
    var three: Outcomes
    var mark: KeyMark
    var deadline = Deadline.none
    /// The model is one of the free class.
    var isFree = false

    /// As the page has it.
    var line: String {
        let cells = [name, one.map { "\($0)" } ?? "–", "\(three)", "\(mark)", deadline.rawValue]
        return "| " + cells.joined(separator: " | ") + " |"
    }
}

extension UpstreamFault {
    /// One bad key: with one key it is met at every attempt.
    static func bad(
        _ name: String, one: Outcomes, three: Outcomes, _ mark: KeyMark, _ deadline: Deadline = .none,
        free: Bool = false, scene: Scene = .fresh, _ act: @escaping @Sendable (Form, Gate) -> Act
    ) -> UpstreamFault {
        UpstreamFault(
            name: name, scene: scene, play: .bad(act), one: one, three: three, mark: mark,
            deadline: deadline, isFree: free)
    }

    /// A failure of the way or of the provider: once more, on another key at
    /// once, on the same one after a pause, or after the stated one.
    static func retried(
        _ name: String, _ status: Int, _ code: ErrorCode, usage: UsageQuality? = nil,
        again: Int? = nil, _ deadline: Deadline = .none, scene: Scene = .fresh,
        _ act: @escaping @Sendable (Form, Gate) -> Act
    ) -> UpstreamFault {
        bad(
            name, one: .no(status, code, 2, again: again, usage: usage), three: .ok(2), .failure, deadline,
            scene: scene, act)
    }

    /// A refusal that proves that nothing was generated: another account at
    /// once, the same key never again.
    static func rotated(
        _ name: String, _ status: Int, _ code: ErrorCode, again: Int? = nil, _ mark: KeyMark,
        free: Bool = false, _ act: @escaping @Sendable (Form, Gate) -> Act
    ) -> UpstreamFault {
        bad(name, one: .no(status, code, 1, again: again), three: .ok(2), mark, free: free, act)
    }

    /// The same with an end soon: if there is no other account, the same key
    /// is asked when it has come, twice at most.
    static func waited(
        _ name: String, _ status: Int, _ code: ErrorCode, again: Int, _ mark: KeyMark,
        _ act: @escaping @Sendable (Form, Gate) -> Act
    ) -> UpstreamFault {
        bad(name, one: .no(status, code, 3, again: again), three: .ok(2), mark, .stated, act)
    }

    /// The same whatever the pool.
    static func final(
        _ name: String, _ outcomes: Outcomes, _ mark: KeyMark, _ deadline: Deadline = .none,
        scene: Scene = .fresh, _ act: @escaping @Sendable (Form, Gate) -> Act
    ) -> UpstreamFault {
        bad(name, one: outcomes, three: outcomes, mark, deadline, scene: scene, act)
    }

    /// What becomes of a request when every key hears something bad.
    static func everyKey(
        _ name: String, _ outcomes: Outcomes, _ mark: KeyMark, _ deadline: Deadline = .none,
        _ acts: @escaping @Sendable (Form) -> [Act]
    ) -> UpstreamFault {
        UpstreamFault(
            name: name, play: .list(acts), one: nil, three: outcomes, mark: mark, deadline: deadline)
    }
}
