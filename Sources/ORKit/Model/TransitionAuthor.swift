/// Who may change the state of a key, and from what to what: the table of
/// legal transitions (QA-07), which `docs/pool.md` shows.
///
/// A state is never stored: it follows from facts and the time. So a
/// transition is legal if a fact that its author may put on record, or take
/// back, leads to it.
public enum TransitionAuthor: String, Sendable, CaseIterable {
    /// The engine by itself: an answer, a check that was due, time, a quota
    /// that is used up.
    case engine
    /// An order that is about something else, and brings to light what was
    /// there or covers it: enable, disable, reset, undo, rotate, test; another
    /// provider, account or quota.
    case order
    /// An operator's word about the state itself: `orkctl keys set-state`.
    case declaration

    /// The states that this author may lead to from there.
    public func ends(from state: KeyState) -> Set<KeyState> {
        switch self {
        case .engine: Self.engineEnds(from: state)
        case .order: Self.orderEnds(from: state)
        case .declaration: Self.declaredEnds(from: state)
        }
    }

    /// What an operator decided, and a death that was proved, are not the
    /// engine's to take back; and it gives up only what it had doubted.
    private static func engineEnds(from state: KeyState) -> Set<KeyState> {
        switch state {
        case .usable: [.resting, .exhausted, .suspect, .broken]
        case .resting: [.usable, .exhausted, .suspect, .broken]
        case .exhausted: [.usable, .resting, .suspect, .broken]
        case .suspect: [.usable, .resting, .exhausted, .broken, .invalid]
        case .broken: [.usable, .resting, .exhausted, .suspect, .invalid]
        case .invalid, .disabled: []
        }
    }

    /// Failures alone break a key. What was broken shows again when that which
    /// had covered it is taken back.
    private static func orderEnds(from state: KeyState) -> Set<KeyState> {
        var ends = Set(KeyState.allCases)
        ends.remove(state)
        if state != .invalid, state != .disabled { ends.remove(.broken) }
        return ends
    }

    /// Whether a key rests, is exhausted, suspect or broken is for evidence to
    /// say. One that is disabled is out already: it is let back first.
    private static func declaredEnds(from state: KeyState) -> Set<KeyState> {
        switch state {
        case .usable: [.disabled, .invalid]
        case .resting, .exhausted, .suspect, .broken: [.usable, .disabled, .invalid]
        case .invalid: [.usable, .disabled]
        case .disabled: [.usable]
        }
    }
}
