import ORKit

/// Something that all keys share and that fails for a while.
struct Storm {
    enum Kind: CaseIterable {
        /// Every key is called unknown, `/key` included (February 2026).
        case rejections
        /// Every account is called empty, as far as models cost anything.
        case credits
        /// One model is limited, without a word about whom.
        case bareLimits
        /// One model is limited at its provider.
        case providerLimits
        /// The same, and it is said to last an hour.
        case longLimits
        /// One model fails.
        case errors
        /// The upstream cannot be reached.
        case cut
    }

    let kind: Kind
    let since: Int64
    let until: Int64
    /// Requests and tries while it lasted.
    var requests = 0
    var tries = 0
    /// Accounts that left a mark within ten seconds of the first.
    private var wave: Set<String> = []
    private var waveSince = Int64.min
    /// Whether there was a wave of three: what came more slowly cannot be told
    /// from bad keys.
    private(set) var isWave = false

    init(kind: Kind, since: Int64, until: Int64) {
        self.kind = kind
        self.since = since
        self.until = until
    }

    mutating func hit(_ account: String, at now: Int64) {
        if now - max(waveSince, 0) > 10_000 { (wave, waveSince) = ([], now) }
        wave.insert(account)
        if wave.count >= 3 { isWave = true }
    }

    func verdict(for lease: Lease, at now: Now) -> Verdict? {
        guard (since..<until).contains(now.wall.milliseconds) else { return nil }
        if isOneModels, lease.model != History.models[0] { return nil }
        if kind == .credits, lease.model.map(Oracle.isFree) ?? true { return nil }
        return word.verdict(at: now)
    }

    private var word: Utterance {
        switch kind {
        case .rejections: .rejection
        case .credits: .emptyAccount
        case .bareLimits: .bareLimit
        case .providerLimits: .providerLimit
        case .longLimits: .longProviderLimit
        case .errors: .serverError
        case .cut: .noConnection
        }
    }

    var isOneModels: Bool { [.bareLimits, .providerLimits, .longLimits, .errors].contains(kind) }

    /// How long after its end a gate may stay closed for what was stated.
    var echo: Int64 {
        switch kind {
        case .providerLimits: 11_000
        case .longLimits: 60_000
        default: 0
        }
    }
}

extension History {
    /// A third of the history is quiet, a third is the storm, and then it must
    /// be as if nothing had been.
    mutating func weather(_ event: Int, of events: Int) {
        if event == events / 3 {
            let kind = Storm.Kind.allCases[chance(0...Storm.Kind.allCases.count - 1)]
            let length = Int64(isLong ? chance(610...800) : chance(2...40)) * 1000
            storm = Storm(kind: kind, since: wall, until: wall + length)
            note("storm \(kind)")
            tell("storm: \(kind) for \(length) ms")
        }
        guard let storm, event >= events * 2 / 3 else { return breeze() }
        if event == events * 2 / 3 { calmDown(storm) }
        breeze()
    }

    /// Requests come one after the other, few at a time.
    private mutating func breeze() {
        wait(Int64(chance(0...(storm == nil ? 200 : isLong ? 25_000 : 400))))
        switch chance(0...9) {
        case 0..<4 where flights.count < 4: request()
        case 0..<7: answer()
        case 7..<9: end()
        default:
            tick()
            checkSuspects()
        }
    }

    private mutating func request() {
        let before = oracle.shared.begun
        begin()
        guard let storm, wall < storm.until else { return }
        self.storm?.requests += 1
        self.storm?.tries += oracle.shared.begun - before
    }

    /// Ten seconds after the end every key that is well is used again, and
    /// nothing of the storm is left on any.
    private mutating func calmDown(_ storm: Storm) {
        while !flights.isEmpty, violation == nil {
            answer()
            end()
        }
        // While it lasted almost nothing was sent in vain.
        let most = 24 + Int((storm.until - storm.since) / 60_000 + 1) * 24
        if storm.tries > most { fail("\(storm.tries) tries in vain during \(storm.kind)") }
        wait(max(0, storm.until - wall) + storm.echo)
        for _ in 0..<3 { quietRequest() }
        guard let storm = self.storm else { return }
        // A suspect is checked after an eighth of its suspicion's age.
        wait(max(10_000, (storm.until - storm.since) / 8))
        checkSuspects()
        // The rest of these two is a guess of a minute, unless correlation takes it back.
        let isTelling = storm.kind != .credits && storm.kind != .bareLimits
        guard isTelling || storm.isWave && !isLong else { return note("storm too slow to tell") }
        for _ in 0..<3 where violation == nil {
            guard case .relay? = quietRequest() else {
                fail("no request is served ten seconds after \(storm.kind)")
                return
            }
        }
        // One or two accounts without credit are no incident; nobody could tell.
        var marked: Set<String> = []
        for key in oracle.keys.ids where fates[key] == .healthy {
            guard let standing = engine.standing(of: key, at: now) else { continue }
            if standing.state != .usable
                || standing.facts.rests.contains(where: { $0.isActive(at: now.wall) })
            {
                marked.insert(oracle.keys[key]?.account ?? "")
                tell("key \(key.raw) is \(standing.state)")
            }
        }
        if marked.count > (isTelling ? 0 : 2) { fail("\(marked.count) accounts suffer from \(storm.kind)") }
    }

    /// One request on the model of the storms, from begin to end.
    @discardableResult
    private mutating func quietRequest() -> Next? {
        let before = flights.count
        begin(Ask(client: .anonymous, model: Self.models[0]))
        guard flights.count > before else { return nil }
        while flights.count > before, violation == nil {
            let isRelayed = flights[before].isRelayed
            if isRelayed {
                end(flights.remove(at: before), 5)
                return .relay
            }
            answer(at: before)
        }
        return nil
    }
}
