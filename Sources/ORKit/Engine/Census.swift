/// The keys that a decision had to choose among, by what kept them from it, as
/// last looked at: those of the request's pool and of its fallbacks, each
/// once.
public struct Census: Sendable, Hashable {
    /// Open, with room, and not known to rest for the model.
    public var usable: UInt32 = 0
    /// They serve as many requests at once as they may.
    public var full: UInt32 = 0
    /// They rest for the model, or its class.
    public var modelResting: UInt32 = 0
    public var resting: UInt32 = 0
    public var exhausted: UInt32 = 0
    public var suspect: UInt32 = 0
    public var broken: UInt32 = 0
    public var invalid: UInt32 = 0
    public var disabled: UInt32 = 0
    /// In pools that this request may not use.
    public var elsewhere: UInt32 = 0

    public init() {}

    /// There are keys in these pools, and nothing kept any of them from it.
    public var isPlain: Bool {
        full | modelResting | resting | exhausted | suspect | broken | invalid | disabled == 0 && usable > 0
    }

    /// The classes, with their words: those of `Candidacy` where it has them.
    public enum Part: String, Sendable, CaseIterable {
        case usable, full
        case modelResting = "model-resting"
        case resting, exhausted, suspect, broken, invalid, disabled, elsewhere
    }

    public subscript(part: Part) -> UInt32 {
        get {
            switch part {
            case .usable: usable
            case .full: full
            case .modelResting: modelResting
            case .resting: resting
            case .exhausted: exhausted
            case .suspect: suspect
            case .broken: broken
            case .invalid: invalid
            case .disabled: disabled
            case .elsewhere: elsewhere
            }
        }
        set {
            switch part {
            case .usable: usable = newValue
            case .full: full = newValue
            case .modelResting: modelResting = newValue
            case .resting: resting = newValue
            case .exhausted: exhausted = newValue
            case .suspect: suspect = newValue
            case .broken: broken = newValue
            case .invalid: invalid = newValue
            case .disabled: disabled = newValue
            case .elsewhere: elsewhere = newValue
            }
        }
    }
}

/// Keys of one pool that are not open, by state.
struct ClosedKeys: Sendable {
    private(set) var census = Census()

    /// Usable ones are open, and not counted here.
    mutating func add(_ state: KeyState, _ count: Int32) {
        func add(to field: inout UInt32) { field = field &+ UInt32(bitPattern: count) }
        switch state {
        case .usable: break
        case .resting: add(to: &census.resting)
        case .exhausted: add(to: &census.exhausted)
        case .suspect: add(to: &census.suspect)
        case .broken: add(to: &census.broken)
        case .invalid: add(to: &census.invalid)
        case .disabled: add(to: &census.disabled)
        }
    }
}

extension Engine {
    /// What the next decision about such a request has to choose among; right
    /// after one, what it had. Adds up figures that are kept anyway.
    public func census(for ask: Ask) -> Census {
        var census = Census()
        var counted = 0
        for roster in pool.plan(ask.pool) { census.add(pool, roster, ask, counted: &counted) }
        census.elsewhere = UInt32(clamping: pool.count - counted)
        return census
    }
}

extension Census {
    /// Names single fields, because a call upon the roster would copy it.
    fileprivate mutating func add(_ pool: Pool, _ roster: Int, _ ask: Ask, counted: inout Int) {
        let closed = pool.rosters[roster].closed.census
        let open = pool.rosters[roster].openKeys
        let roomy = pool.rosters[roster].base.count
        var restingForModel = 0
        if !pool.rosters[roster].restingCounts.isEmpty {
            let ofModel = pool.rosters[roster].restingCounts[ask.model ?? Rest.noModel] ?? 0
            let ofClass = ask.restClass.flatMap { pool.rosters[roster].restingCounts[$0] } ?? 0
            restingForModel = min(roomy, max(ofModel, ofClass))
        }
        usable += UInt32(clamping: roomy - restingForModel)
        full += UInt32(clamping: open - roomy)
        modelResting += UInt32(clamping: restingForModel)
        resting += closed.resting
        exhausted += closed.exhausted
        suspect += closed.suspect
        broken += closed.broken
        invalid += closed.invalid
        disabled += closed.disabled
        counted += open
        counted += Int(
            closed.resting + closed.exhausted + closed.suspect + closed.broken + closed.invalid
                + closed.disabled)
    }
}
