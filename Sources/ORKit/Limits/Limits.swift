// Limits: what users and client keys may do in windows of time, and how much of it they have used.
// Here: the limits, the counts, the clock that no setting of the time can deceive, the packed form of all of it.
// Not here: what upstream keys may do (Engine/Quota), money (Ledger). Imports nothing.

/// Every limit there is, and what was used of it.
///
/// A request is admitted by its user's limits and by its client's, or it
/// counts nowhere. Requests count when they are admitted; tokens are reserved
/// then and corrected when the request ends.
public struct Limits: Sendable {
    private var users = LimitMeters()
    private var clients = LimitMeters()
    /// Of users that have none of their own; nil: those are free.
    private let standard: LimitRecord?
    private var clock: LimitClock
    /// Rises with every admission.
    private var ticket: Int64 = 0
    /// Whose use has changed since it was kept as it is.
    private var changed: [LimitSubject] = []
    /// Those of them of whom there is something that was not written down.
    private var fresh: [LimitSubject] = []
    /// Somebody has no limits any more: what was written down of it meanwhile
    /// is not to be counted again.
    private var hasForgotten = false
    /// When what is used was last kept as it is.
    private var kept: Now

    public init(standard: LimitRecord? = nil, at now: Now) {
        self.standard = standard
        kept = now
        clock = LimitClock(at: now)
    }

    /// As it was kept, `clock` among it. What was used is yet to be put in.
    ///
    /// - Parameter last: of what was counted since then, what was written last,
    ///   and when.
    public init(
        standard: LimitRecord? = nil, clock packed: [UInt8]?,
        last: (at: WallTime, row: LimitIncrement)? = nil,
        at now: Now
    ) {
        self.standard = standard
        kept = now
        let seen = last.map { (steady: $0.row.steady, wall: $0.at) }
        clock = packed.flatMap { LimitClock(packed: $0, last: seen, at: now) } ?? LimitClock(at: now)
    }

    /// Whether there is anything that could refuse.
    public var isEmpty: Bool { clients.isEmpty && users.isEmpty && standard == nil }

    /// Whether any limit was ever set that counts tokens: they have to be
    /// estimated then.
    public private(set) var boundTokens = false

    // What operators say

    /// What was used of a limit that stays is still used when its number is
    /// another one.
    public mutating func set(_ record: LimitRecord, for subject: LimitSubject) {
        guard !record.isEmpty || subject.isUser else { return remove(subject) }
        let born = ticket
        if record.boundsTokens { boundTokens = true }
        meters(of: subject) { $0.set(record, for: subject.raw, born: born) }
    }

    /// A user falls back to what all users have.
    public mutating func remove(_ subject: LimitSubject) {
        meters(of: subject) { $0.remove(subject.raw) }
        hasForgotten = true
    }

    public func record(of subject: LimitSubject) -> LimitRecord? {
        switch subject {
        case .user(let user): users[user.raw]?.record ?? standard
        case .client(let client): clients[client.raw]?.record
        }
    }

    /// What is used and what is left; nil: it has no limits.
    public mutating func standing(of subject: LimitSubject, at now: Now) -> LimitStanding? {
        clock.tick(now)
        guard let record = record(of: subject) else { return nil }
        let moment = clock.moment(at: now)
        let meter = subject.isUser ? users[subject.raw] : clients[subject.raw]
        return (meter ?? LimitMeter(record, born: ticket)).standing(of: subject, at: moment)
    }

    // What requests ask

    /// Whether a request may begin: by all that bounds its user and its
    /// client, or not at all.
    ///
    /// - Parameter tokens: reserved until it is known how many it took.
    public mutating func admit(
        user: UserID = .house, client: ClientID, tokens: Int64, at now: Now
    ) -> LimitAdmission {
        let owner = place(of: user)
        let holder = clients.place(of: client.raw)
        guard owner != nil || holder != nil else { return .free }
        clock.tick(now)
        let moment = clock.moment(at: now)
        let tokens = min(max(0, tokens), LimitRecord.most)
        // Both look before either counts.
        let first = owner.flatMap { users[$0].refusal(of: .user(user), tokens, at: moment) }
        let second = holder.flatMap { clients[$0].refusal(of: .client(client), tokens, at: moment) }
        if let refusal = LimitRefusal.longer(
            first?.isShadow == true ? nil : first, second?.isShadow == true ? nil : second)
        {
            return .refused(refusal)
        }
        ticket += 1
        var notice = LimitNotice(over: first ?? second)
        if let owner { count(user: user, at: owner, tokens, moment, &notice) }
        if let holder { count(client: client, at: holder, tokens, moment, &notice) }
        return .admitted(
            LimitLease(
                user: owner == nil ? nil : user, client: holder == nil ? nil : client, ticket: ticket,
                tokens: tokens, moment: moment),
            notice)
    }

    /// A request is over: its place is free again, and its tokens are known.
    ///
    /// - Parameter tokens: nil: nobody knows; what was reserved stays used.
    public mutating func end(_ lease: consuming LimitLease, tokens: Int64?, at now: Now) {
        clock.tick(now)
        let moment = clock.moment(at: now)
        let actual = tokens.map { min(max(0, $0), LimitRecord.most) } ?? lease.tokens
        if let user = lease.user, let place = users.place(of: user.raw) {
            note(users[place].end(lease, actual: actual, at: moment), .user(user))
        }
        if let client = lease.client, let place = clients.place(of: client.raw) {
            note(clients[place].end(lease, actual: actual, at: moment), .client(client))
        }
    }

    private mutating func note(_ novelty: LimitMeter.Novelty, _ subject: @autoclosure () -> LimitSubject) {
        switch novelty {
        case .none: return
        case .fresh: fresh.append(subject())
        case .first:
            fresh.append(subject())
            changed.append(subject())
        }
    }

    private mutating func count(
        user: UserID, at place: LimitMeters.Place, _ tokens: Int64, _ moment: LimitMoment,
        _ notice: inout LimitNotice
    ) {
        note(users[place].count(tokens, at: moment, &notice), .user(user))
    }

    private mutating func count(
        client: ClientID, at place: LimitMeters.Place, _ tokens: Int64, _ moment: LimitMoment,
        _ notice: inout LimitNotice
    ) {
        note(clients[place].count(tokens, at: moment, &notice), .client(client))
    }

    /// What all users have is counted for each as soon as it asks.
    private mutating func place(of user: UserID) -> LimitMeters.Place? {
        guard user != .house else { return nil }
        if let place = users.place(of: user.raw) { return place }
        guard let standard else { return nil }
        users.set(standard, for: user.raw, born: ticket)
        if standard.boundsTokens { boundTokens = true }
        return users.place(of: user.raw)
    }

    private mutating func meters(of subject: LimitSubject, _ body: (inout LimitMeters) -> Void) {
        if subject.isUser { body(&users) } else { body(&clients) }
    }
}

// What outlives the process.

extension Limits {
    /// Whether there is something that was not written down.
    public var hasChanged: Bool { !fresh.isEmpty }

    /// Whether all that is used was kept as it is.
    public var isKept: Bool { changed.isEmpty && !hasForgotten }

    /// What was counted since it was last asked for, here or below.
    ///
    /// - Returns: nil where the wall clock was set since what is used was last
    ///   kept: that is to be kept first, or a restart takes the difference for
    ///   time that has passed.
    public mutating func takeFresh(at now: Now) -> LimitIncrement? {
        clock.tick(now)
        let (wall, monotonic) = (
            now.wall.milliseconds.subtractingReportingOverflow(kept.wall.milliseconds),
            now.monotonic.subtractingReportingOverflow(kept.monotonic)
        )
        guard !wall.overflow, !monotonic.overflow,
            (-Self.drift...Self.drift).contains(wall.partialValue &- monotonic.partialValue / 1_000_000)
        else { return nil }
        var changes: [LimitIncrement.Change] = []
        changes.reserveCapacity(fresh.count)
        let ticket = ticket
        for subject in fresh {
            meters(of: subject) { meters in
                guard let place = meters.place(of: subject.raw) else { return }
                let (requests, tokens) = meters[place].takeFresh(through: ticket)
                changes.append(LimitIncrement.Change(subject: subject, requests: requests, tokens: tokens))
            }
        }
        fresh.removeAll(keepingCapacity: true)
        return LimitIncrement(steady: clock.steady, changes: changes)
    }

    /// Two clocks drift apart; so many milliseconds mean nothing.
    private static let drift: Int64 = 2000

    /// What has changed since it was last asked, and the clock that it is
    /// counted by: both are to be kept together.
    public mutating func takeChanged(at now: Now) -> (clock: [UInt8], uses: [LimitSubject: [UInt8]]) {
        clock.tick(now)
        var uses: [LimitSubject: [UInt8]] = [:]
        let ticket = ticket
        for subject in changed {
            meters(of: subject) { meters in
                guard let place = meters.place(of: subject.raw) else { return }
                uses[subject] = meters[place].takePacked(through: ticket)
            }
        }
        changed.removeAll(keepingCapacity: true)
        fresh.removeAll(keepingCapacity: true)
        (kept, hasForgotten) = (now, false)
        return (clock.packed(at: now), uses)
    }

    /// Puts in what was kept. What cannot be read counts as used up: the one
    /// mistake that grants nothing.
    public mutating func load(_ packed: [UInt8], of subject: LimitSubject, at now: Now) {
        clock.tick(now)
        let moment = clock.moment(at: now)
        meterKept(subject) { $0.load(packed, at: moment) }
    }

    /// Counts once more what was counted after what is used was kept, row by
    /// row.
    public mutating func load(_ row: LimitIncrement, at now: Now) {
        clock.tick(now)
        let (moment, past) = (clock.moment(at: now), clock.moment(steady: row.steady, at: now))
        for change in row.changes {
            var isFirst = false
            meterKept(change.subject) { isFirst = $0.load(change, from: past, at: moment) }
            if isFirst { changed.append(change.subject) }
        }
    }

    private mutating func meterKept(_ subject: LimitSubject, _ body: (inout LimitMeter) -> Void) {
        if let standard, case .user(let user) = subject, users.place(of: user.raw) == nil {
            users.set(standard, for: user.raw, born: ticket)
        }
        meters(of: subject) { meters in
            guard let place = meters.place(of: subject.raw) else { return }
            body(&meters[place])
        }
    }
}
