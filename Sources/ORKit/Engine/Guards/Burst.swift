/// Equal failures of keys within seconds, and the marks that they left. With
/// keys of enough accounts in it, and no success meanwhile, it was no key's
/// doing: the marks are taken back (lessons.md B1).
struct Burst: Sendable {
    /// All others are alike: the same rule in the same words, apart from what
    /// differs from key to key.
    let first: Verdict
    let started: WallTime
    /// Leases above this ticket began after the first failure.
    let since: Int64
    /// Different ones, of keys whose account is known.
    var accounts: [String] = []
    var marks: [Mark] = []
    /// The one model that all of it is about; nil: several, or marks that are
    /// about no model.
    var model: String?
    /// Whether a free model's success says nothing about it.
    let isAboutPaid: Bool

    /// Something that was guessed about a key and can be taken back.
    struct Mark: Sendable {
        let place: Int
        let key: KeyID
        let kind: Kind
        /// What was known of the same matter before.
        let previous: Rest?

        enum Kind: Sendable {
            case suspicion
            /// On every key of the account if its scope is that.
            case rest(Rest)
        }
    }
}

/// The bursts of the last seconds, one for each kind of trouble.
struct Bursts: Sendable {
    /// Keys without a known account can make a burst long without ever
    /// promoting it.
    private static let marksKept = 256
    private static let capacity = 16

    private(set) var open: [Burst] = []

    var isEmpty: Bool { open.isEmpty }

    mutating func expire(at now: WallTime, window: Int64) {
        open.removeAll { !(0...window).contains(now.milliseconds(since: $0.started)) }
    }

    /// - Returns: the burst as it is now.
    mutating func add(
        _ marks: [Burst.Mark], of verdict: Verdict, account: String?, model: String?, isAboutPaid: Bool,
        at now: WallTime, sequence: Int64
    ) -> Burst {
        let place: Int
        if let known = open.firstIndex(where: { $0.first.isAlike(verdict) }) {
            place = known
            if open[place].model != model { open[place].model = nil }
        } else {
            if open.count == Self.capacity { open.removeFirst() }
            var burst = Burst(first: verdict, started: now, since: sequence, isAboutPaid: isAboutPaid)
            burst.model = model
            open.append(burst)
            place = open.count - 1
        }
        if let account, !open[place].accounts.contains(account) { open[place].accounts.append(account) }
        if open[place].marks.count + marks.count <= Self.marksKept { open[place].marks += marks }
        return open[place]
    }

    mutating func close(_ verdict: Verdict) { open.removeAll { $0.first.isAlike(verdict) } }

    /// A good answer to a lease: what is in a burst that began before it is
    /// the keys' own doing.
    /// It proves nothing about other models if the burst is about one, and
    /// without a model nothing about keys.
    mutating func succeeded(_ ask: Ask, _ ticket: Int64) {
        open.removeAll { burst in
            ticket > burst.since
                && (burst.model.map { $0 == ask.model ?? Rest.noModel } ?? (ask.model != nil))
                && !(burst.isAboutPaid && ask.isFreeClass)
        }
    }
}
