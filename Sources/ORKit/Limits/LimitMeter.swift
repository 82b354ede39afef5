/// The limits of one user or client key, and what was used of them.
struct LimitMeter: Sendable {
    private(set) var record: LimitRecord
    /// Of the kinds that are bounded, in their order.
    private var counts: [LimitCount] = []
    private var underWay: Int64 = 0
    /// Leases that are older were not counted here.
    private let born: Int64
    /// Requests refused, or that would have been, since the start.
    private var refused: Int64 = 0
    private var isChanged = false
    private var isFresh = false
    /// Counted since it was last written down.
    private var freshRequests: Int64 = 0
    private var freshTokens: Int64 = 0
    /// Leases that are older were written down.
    private var written: Int64

    /// Whether a change is one that somebody has to hear of.
    enum Novelty {
        case none
        /// The first since changes were last taken.
        case fresh
        /// Also the first since all was last taken.
        case first
    }

    init(_ record: LimitRecord, born: Int64) {
        self.record = record
        self.born = born
        written = born
        adopt(record)
    }

    mutating func adopt(_ record: LimitRecord) {
        self.record = record
        counts = LimitKind.allCases.compactMap { kind in
            guard let limit = record[kind] else { return nil }
            guard var count = counts.first(where: { $0.kind == kind }) else {
                return LimitCount(kind, limit: limit)
            }
            count.limit = limit
            return count
        }
    }

    /// Why a request may not begin; of several reasons the one that lasts
    /// longest.
    mutating func refusal(
        of subject: LimitSubject, _ tokens: Int64, at moment: LimitMoment
    ) -> LimitRefusal? {
        var refusal: LimitRefusal?
        for place in counts.indices {
            counts[place].roll(to: moment)
            let amount = counts[place].amount(tokens)
            guard !counts[place].hasRoom(for: amount) else { continue }
            let count = counts[place]
            refusal = .longer(
                refusal,
                LimitRefusal(
                    subject: subject, kind: count.kind, limit: count.limit, left: count.left,
                    wait: count.wait(for: amount, at: moment).map(LimitRefusal.Wait.milliseconds) ?? .never,
                    reset: count.reset(at: moment), isShadow: record.isShadow))
        }
        if let most = record[.concurrency], underWay >= most {
            refusal = .longer(
                refusal,
                LimitRefusal(
                    subject: subject, kind: .concurrency, limit: most, left: 0, wait: .unknown, reset: 0,
                    isShadow: record.isShadow))
        }
        if refusal != nil { refused += 1 }
        return refusal
    }

    /// After `refusal`.
    mutating func count(_ tokens: Int64, at moment: LimitMoment, _ notice: inout LimitNotice) -> Novelty {
        underWay += 1
        freshRequests += 1
        freshTokens = freshTokens.addingHeld(tokens)
        for place in counts.indices { counts[place].count(counts[place].amount(tokens)) }
        guard !record.isShadow else { return change() }
        for place in counts.indices {
            notice.add(
                counts[place].kind, limit: counts[place].limit, left: counts[place].left,
                reset: counts[place].reset(at: moment))
        }
        return change()
    }

    mutating func end(_ lease: borrowing LimitLease, actual: Int64, at moment: LimitMoment) -> Novelty {
        guard lease.ticket > born else { return .none }
        underWay -= 1
        guard actual != lease.tokens else { return .none }
        if lease.ticket > written || actual > lease.tokens {
            freshTokens = freshTokens.addingHeld(actual - lease.tokens)
        }
        for place in counts.indices where counts[place].kind.countsTokens {
            counts[place].roll(to: moment)
            if actual > lease.tokens {
                counts[place].count(actual - lease.tokens)
            } else {
                counts[place].giveBack(lease.tokens - actual, from: lease.moment)
            }
        }
        return change()
    }

    private mutating func change() -> Novelty {
        defer { (isChanged, isFresh) = (true, true) }
        return isFresh ? .none : isChanged ? .fresh : .first
    }

    func standing(of subject: LimitSubject, at moment: LimitMoment) -> LimitStanding {
        let uses = counts.map { count in
            var count = count
            count.roll(to: moment)
            return LimitStanding.Use(
                kind: count.kind, limit: count.limit, used: count.sum, reset: count.reset(at: moment))
        }
        return LimitStanding(
            subject: subject, record: record, uses: uses, underWay: underWay, refused: refused)
    }

    // What outlives the process

    private static let form: UInt8 = 1

    /// - Parameter ticket: of the newest lease.
    mutating func takeFresh(through ticket: Int64) -> (requests: Int64, tokens: Int64) {
        defer { (isFresh, freshRequests, freshTokens, written) = (false, 0, 0, ticket) }
        return (freshRequests, freshTokens)
    }

    mutating func takePacked(through ticket: Int64) -> [UInt8] {
        isChanged = false
        _ = takeFresh(through: ticket)
        var writer = PackWriter(bytes: [Self.form])
        for count in counts { count.pack(into: &writer) }
        return writer.bytes
    }

    /// - Returns: whether that is the first change since all was last taken.
    mutating func load(_ change: LimitIncrement.Change, from then: LimitMoment, at moment: LimitMoment)
        -> Bool
    {
        defer { isChanged = true }
        for place in counts.indices {
            counts[place].roll(to: moment)
            counts[place].recount(
                counts[place].kind.countsTokens ? change.tokens : change.requests, from: then)
        }
        return !isChanged
    }

    /// What is not bounded any more is left out; what cannot be read counts as
    /// used up.
    mutating func load(_ packed: [UInt8], at moment: LimitMoment) {
        let kept = packed.withUnsafeBytes { bytes -> [LimitCount]? in
            var reader = PackReader(bytes: bytes)
            guard reader.byte() == Self.form else { return nil }
            var kept: [LimitCount] = []
            while !reader.isAtEnd {
                guard let count = LimitCount(from: &reader, at: moment),
                    kept.count < LimitKind.allCases.count
                else { return nil }
                kept.append(count)
            }
            return kept
        }
        for place in counts.indices {
            if let count = kept?.first(where: { $0.kind == counts[place].kind }) {
                let limit = counts[place].limit
                counts[place] = count
                counts[place].limit = limit
            } else if kept == nil {
                counts[place].roll(to: moment)
                counts[place].count(counts[place].left)
            }
        }
    }
}
