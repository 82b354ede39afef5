@testable import ORKit

/// A random course of requests, ends, changes, restarts and waits, judged by
/// the oracle after every step.
struct LimitCourse {
    /// What is broken on purpose, to see that it is found.
    enum Fault: CaseIterable {
        case none, forgetsAtRestart, forgetsRows, followsTheCalendar, dispatchesTheRefused
    }

    private final class Held {
        var lease: LimitLease?
        let request: Int
        let subjects: [LimitSubject]
        /// How often was written before it.
        let writings: Int
        init(_ lease: consuming LimitLease, _ request: Int, _ subjects: [LimitSubject], _ writings: Int) {
            self.lease = consume lease
            self.writings = writings
            self.request = request
            self.subjects = subjects
        }
    }

    /// Whether the clock is set now and then.
    let jumps: Bool
    let fault: Fault
    private(set) var violations: [String] = []
    private(set) var events: [String: Int] = [:]

    private var rng: SeededGenerator
    private var limits: Limits
    private var oracle = LimitOracle()
    private var held: [Held] = []
    private var records: [LimitSubject: LimitRecord] = [:]
    private var kept: (clock: [UInt8]?, uses: [LimitSubject: [UInt8]]) = (nil, [:])
    /// What was counted since, with the time of its row.
    private var rows: [(at: WallTime, row: LimitIncrement)] = []
    private var writings = 0
    /// What was given back of reservations that an older row tells of.
    private var unwritten: [(request: Int, subjects: [LimitSubject], reserved: Int64)] = []
    private var count = 0
    /// True milliseconds since the start, and how wrong the calendar is.
    private var time: Int64 = 0
    private var skew: Int64 = 0
    /// The same whatever happens.
    private static let start: Int64 = 1_795_305_540_000
    private static let standard = LimitRecord([
        .requestsPerMinute: 9, .tokensPerHour: 900, .requestsPerDay: 80,
    ])

    init(seed: UInt64, jumps: Bool, fault: Fault = .none) {
        rng = SeededGenerator(seed: seed)
        self.jumps = jumps
        self.fault = fault
        limits = Limits(
            standard: Self.standard, at: Now(monotonic: 0, wall: WallTime(milliseconds: Self.start)))
        records[.user(UserID(3))] = Self.standard
        set(.user(UserID(1)), [.requestsPerHour: 16, .tokensPerMinute: 120, .burst: 3])
        set(.user(UserID(2)), [.tokensPerDay: 2500, .requestsPerMinute: 6, .concurrency: 5])
        set(.client(ClientID(1)), [.requestsPerMinute: 5, .tokensPerHour: 400, .concurrency: 3])
        set(.client(ClientID(2)), [.burst: 2, .requestsPerDay: 60, .tokensPerMinute: 90])
        set(.client(ClientID(3)), [.requestsPerHour: 9, .tokensPerDay: 1500, .requestsPerMinute: 4])
    }

    private var now: Now {
        let wall = WallTime(milliseconds: Self.start + time + skew)
        let monotonic = fault == .followsTheCalendar ? time + skew : time
        return Now(monotonic: monotonic * 1_000_000, wall: wall)
    }
    private var day: Int64 { (Self.start + time + skew) / 86_400_000 }

    mutating func run(_ operations: Int) {
        for _ in 0..<operations where violations.count < 5 {
            switch Int.random(in: 0..<100, using: &rng) {
            case ..<55: admit()
            case ..<78: end()
            case ..<84: write()
            case ..<98: wait()
            case 98: if jumps { jump() } else { change() }
            default: restart()
            }
        }
    }

    private mutating func note(_ event: String) { events[event, default: 0] += 1 }
    private mutating func fail(_ what: String) { violations.append("\(what) at \(time), operation \(count)") }

    private mutating func set(_ subject: LimitSubject, _ numbers: [LimitKind: Int64]) {
        records[subject] = LimitRecord(numbers)
        limits.set(LimitRecord(numbers), for: subject)
    }

    /// No request waits for its row that long.
    private mutating func wait() {
        write()
        let most: [Int64] = [5, 300, 300, 2000, 2000, 20_000, 20_000, 400_000, 8_000_000]
        time += Int64.random(in: 0...(most.randomElement(using: &rng) ?? 0), using: &rng)
    }

    private mutating func jump() {
        let day: Int64 = 86_400_000
        skew += [3_600_000, -3_600_000, 40 * day, -3650 * day, 1000, -1000].randomElement(using: &rng) ?? 0
        if abs(skew) > 4000 * day || Bool.random(using: &rng) { skew = 0 }
        note("jump")
    }

    private static let changing: [LimitSubject] =
        [.user(UserID(1)), .user(UserID(2))] + (1...3).map { .client(ClientID($0)) }

    /// Numbers change, kinds stay.
    private mutating func change() {
        guard let subject = Self.changing.randomElement(using: &rng), let record = records[subject] else {
            return
        }
        let numbers = LimitKind.allCases.compactMap { kind in record[kind].map { (kind, $0) } }
        set(
            subject,
            Dictionary(
                uniqueKeysWithValues: numbers.map { kind, number in
                    (kind, max(1, number + Int64.random(in: -2...2, using: &rng)))
                }))
        note("change")
    }

    /// A commit: what was counted since the one before, or now and then all
    /// that is used.
    private mutating func write() {
        writings += 1
        // The first commit of all writes all of it.
        if kept.clock != nil, Int.random(in: 0..<10, using: &rng) > 0, let row = limits.takeFresh(at: now) {
            if LimitIncrement(packed: row.packed) != row { fail("a row reads otherwise") }
            rows.append((now.wall, row))
            note("row")
        } else {
            let news = limits.takeChanged(at: now)
            kept.clock = news.clock
            kept.uses.merge(news.uses) { $1 }
            (rows, unwritten) = ([], [])
        }
    }

    private mutating func restart() {
        write()
        held = []
        oracle.crashed()
        for lost in unwritten { oracle.restored(lost.request, of: lost.subjects, lost.reserved) }
        unwritten = []
        if jumps, skew == 0, Bool.random(using: &rng) {
            skew = -3_600_000
            note("set back")
        } else {
            time += Int64.random(in: 0...3000, using: &rng)
        }
        limits = Limits(standard: Self.standard, clock: kept.clock, last: rows.last, at: now)
        for (subject, record) in records where subject != .user(UserID(3)) {
            limits.set(record, for: subject)
        }
        if fault != .forgetsAtRestart {
            for (subject, use) in kept.uses { limits.load(use, of: subject, at: now) }
            for (_, row) in rows where fault != .forgetsRows { limits.load(row, at: now) }
        }
        note("restart")
    }

    private mutating func end() {
        guard !held.isEmpty else { return }
        let one = held.remove(at: Int.random(in: held.indices, using: &rng))
        guard let lease = one.lease.take() else { return }
        let reserved = lease.tokens
        let actual: Int64? = [nil, reserved, reserved / 2, 0, reserved + 7].randomElement(using: &rng) ?? nil
        limits.end(lease, tokens: actual, at: now)
        if one.writings < writings, let actual, actual < reserved {
            unwritten.append((one.request, one.subjects, reserved))
        }
        oracle.ended(one.request, of: one.subjects, actual, at: time, day: day)
        note("end")
    }

    private mutating func admit() {
        let user = UserID(Int64.random(in: 0...3, using: &rng))
        let client = ClientID(Int64.random(in: 1...4, using: &rng))
        let tokens =
            Int64.random(in: 0...60, using: &rng) * (Int.random(in: 0..<50, using: &rng) == 0 ? 9 : 1)
        let subjects = [LimitSubject.user(user), .client(client)].filter { records[$0] != nil }
        count += 1
        let before = limits
        switch limits.admit(user: user, client: client, tokens: tokens, at: now) {
        case .free:
            if !subjects.isEmpty { fail("limits were passed by") }
        case .admitted(let lease, _):
            oracle.admitted(count, of: subjects, tokens, at: time, day: day)
            held.append(Held(lease, count, subjects, writings))
            judge(subjects, tokens)
            note("admitted")
        case .refused(let refusal):
            note(refusal.kind.text)
            judge(refusal, user, client, tokens, before)
            guard fault == .dispatchesTheRefused else { return }
            oracle.admitted(count, of: subjects, tokens, at: time, day: day)
            judge(subjects, tokens)
        }
    }

    /// Never more than the limit in any true window.
    private mutating func judge(_ subjects: [LimitSubject], _ tokens: Int64) {
        for subject in subjects {
            for kind in LimitKind.allCases {
                guard let limit = records[subject]?[kind], !(kind.countsTokens && tokens == 0) else {
                    continue
                }
                let (used, most) = used(kind, by: subject, limit: limit)
                if used > most { fail("\(subject) has \(used) of \(most) \(kind.text)") }
            }
        }
    }

    private func used(_ kind: LimitKind, by subject: LimitSubject, limit: Int64) -> (Int64, Int64) {
        switch kind {
        case .concurrency: return (Int64(oracle.open[subject]?.count ?? 0), limit)
        case .requestsPerDay, .tokensPerDay:
            // With a calendar that is wrong: no two days begin within one.
            if jumps { return (oracle.used(kind, by: subject, since: time - 86_400_000 + 61_000), 2 * limit) }
            return (oracle.used(kind, by: subject, on: day), limit)
        default: return (oracle.used(kind, by: subject, since: time - Self.length(of: kind)), limit)
        }
    }

    private static func length(of kind: LimitKind) -> Int64 {
        switch kind {
        case .burst: 1000
        case .requestsPerMinute, .tokensPerMinute: 60_000
        default: 3_600_000
        }
    }

    /// Refused at most a sixtieth early, for as long as it says, and nothing
    /// of it counts.
    private mutating func judge(
        _ refusal: LimitRefusal, _ user: UserID, _ client: ClientID, _ tokens: Int64, _ before: Limits
    ) {
        let amount = refusal.kind.countsTokens ? tokens : 1
        let length = Self.length(of: refusal.kind)
        switch refusal.kind {
        case .requestsPerDay, .tokensPerDay: break
        case .concurrency:
            if Int64(oracle.open[refusal.subject]?.count ?? 0) < refusal.limit { fail("a place was free") }
        default:
            // A burst's cells are rounded up to whole milliseconds.
            let early = refusal.kind == .burst ? 1037 : length + length / 60
            let used = oracle.used(refusal.kind, by: refusal.subject, since: time - early)
            if used + amount <= refusal.limit { fail("refused early: \(refusal)") }
        }
        var after = limits
        var (one, other) = (before, after)
        for subject in [LimitSubject.user(user), .client(client)] {
            if one.standing(of: subject, at: now)?.uses != other.standing(of: subject, at: now)?.uses {
                fail("a refusal counted")
            }
        }
        guard case .milliseconds(let wait) = refusal.wait else {
            if refusal.wait == .never, amount <= refusal.limit { fail("not for ever: \(refusal)") }
            return
        }
        guard wait > 0 else { return fail("no time to wait: \(refusal)") }
        // On the same day, or with a calendar that is right: where it is not, another jump comes first.
        for (moment, isIn) in [(wait - 1, false), (wait, true)] {
            let then = Now(
                monotonic: now.monotonic + moment * 1_000_000, wall: now.wall.advanced(byMilliseconds: moment)
            )
            if case .refused(let again) = after.admit(user: user, client: client, tokens: tokens, at: then) {
                if isIn, again.wait != .unknown { fail("\(refusal) is not over then: \(again)") }
            } else if !isIn {
                fail("\(refusal) was over before")
            }
        }
    }
}
