internal import GRDB
import ORKit

/// What requests came to in a span of time: from the sums that are kept by
/// hour and day, and at the span's ends, and for what came since the sums
/// were written down, from the ledger itself. One look at the database, so
/// that nothing is counted twice or not at all while more is written.
struct UsageService: UsageServing {
    let store: Store
    let clock: @Sendable () -> Now

    init(_ store: Store, clock: @escaping @Sendable () -> Now) {
        self.store = store
        self.clock = clock
    }

    /// Usage of that long when nobody says since when.
    private static let usual: Int64 = 30 * 86_400_000

    /// The one that cost most first; days and hours in their order.
    func usage(_ query: UsageQuery) async throws -> [UsageSumView] {
        let now = clock().wall
        let until = query.until ?? now.advanced(byMilliseconds: 1)
        let since = query.since ?? now.advanced(byMilliseconds: -Self.usual)
        return try await store.read { db in
            let span = UsageSpan(since: since, until: until, pruned: try LedgerCheckpoint.newest(db))
            return switch query.group {
            case .day: try series(span, of: 24, db)
            case .hour: try series(span, of: 1, db)
            case .client: try named(sums(.client, span, db), .client, db)
            case .key: try named(sums(.key, span, db), .key, db)
            case .user: try users(sums(.user, span, db), db)
            case .model: try models(span, db)
            case .userModel: try pairs(span, db)
            case .account: try joined(sums(.key, span, db), by: AccountTable.namesOfKeys(db))
            case .environment: try joined(sums(.client, span, db), by: ClientTable.environments(db))
            }
        }
    }

    /// Sums of every key that has any, by its id.
    func keys(since: WallTime, until: WallTime) async throws -> [Int64: UsageSum] {
        let span = UsageSpan(since: since, until: until)
        return try await store.read { db in try sums(.key, span, db) }
    }

    private typealias Sums = [Int64: UsageSum]

    private func sums(_ kind: UsageSubject.Kind, _ span: UsageSpan, _ db: Database) throws -> Sums {
        var sums = try UsageTable.sums(kind, days: span.days, db)
        for hours in span.hours { sums.merge(try UsageTable.sums(kind, hours: hours, db)) { $0 + $1 } }
        for (slot, sum) in try loose(kind, span, db).sums {
            guard let id = slot.subject.id else { continue }
            sums[id] = sums[id].map { $0 + sum } ?? sum
        }
        return sums
    }

    /// What is in no sum: parts of hours, and what came after the sums.
    func loose(_ kind: UsageSubject.Kind, _ span: UsageSpan, _ db: Database) throws -> UsageTally {
        let last = try LedgerTable.summed(db)
        var tally = UsageTally()
        func add(_ at: WallTime, _ postings: [Posting]) {
            for posting in postings { tally.add(posting, at: at, to: kind) }
        }
        for rest in span.rest { try LedgerTable.walk(rest, db, add) }
        try LedgerTable.walk(span.whole, after: last, db, add)
        return tally
    }

    // In words

    private func named(_ sums: Sums, _ kind: Tombstones.Kind, _ db: Database) throws -> [UsageSumView] {
        let names = try Tombstones.names(kind, Set(sums.keys), db)
        return ranked(
            sums.map {
                UsageSumView(name: names[$0.key] ?? "\(kind.rawValue) \($0.key)", id: $0.key, $0.value)
            })
    }

    /// Clients that belong to nobody are the house's.
    private func users(_ sums: Sums, _ db: Database) throws -> [UsageSumView] {
        try named(sums, .user, db).map { view in
            var view = view
            if view.id == UserID.house.raw { (view.name, view.id) = ("none", nil) }
            return view
        }
    }

    private func models(_ span: UsageSpan, _ db: Database) throws -> [UsageSumView] {
        let names = try UsageTable.modelNames(db)
        var byName: [String: UsageSum] = [:]
        func add(_ sums: Sums) {
            for (id, sum) in sums {
                guard let name = names[id] else { continue }
                byName[name] = byName[name].map { $0 + sum } ?? sum
            }
        }
        add(try UsageTable.sums(.model, days: span.days, db))
        for hours in span.hours { add(try UsageTable.sums(.model, hours: hours, db)) }
        for (slot, sum) in try loose(.model, span, db).sums {
            guard case .model(let name) = slot.subject else { continue }
            byName[name] = byName[name].map { $0 + sum } ?? sum
        }
        return ranked(byName.map { UsageSumView(name: $0.key, id: nil, $0.value) })
    }

    private func pairs(_ span: UsageSpan, _ db: Database) throws -> [UsageSumView] {
        let pairs = try UserModelTable.pairs(db)
        var byPair: [UserModel: UsageSum] = [:]
        func add(_ sums: Sums) {
            for (id, sum) in sums {
                guard let pair = pairs[id] else { continue }
                byPair[pair] = byPair[pair].map { $0 + sum } ?? sum
            }
        }
        add(try UsageTable.sums(.pair, days: span.days, db))
        for hours in span.hours { add(try UsageTable.sums(.pair, hours: hours, db)) }
        for (slot, sum) in try loose(.pair, span, db).sums {
            guard case .pair(let pair) = slot.subject else { continue }
            byPair[pair] = byPair[pair].map { $0 + sum } ?? sum
        }
        let names = try Tombstones.names(.user, Set(byPair.keys.map(\.user.raw)), db)
        return ranked(
            byPair.map { pair, sum in
                let user = pair.user == .house ? "none" : names[pair.user.raw] ?? "user \(pair.user.raw)"
                return UsageSumView(
                    name: "\(user), \(pair.model)", id: nil, user: user, model: pair.model, sum)
            })
    }

    /// - Parameter groups: what each id belongs to; `none` where nothing is known.
    private func joined(_ sums: Sums, by groups: [Int64: String]) throws -> [UsageSumView] {
        var byGroup: [String: UsageSum] = [:]
        for (id, sum) in sums {
            let group = groups[id] ?? "none"
            byGroup[group] = byGroup[group].map { $0 + sum } ?? sum
        }
        return ranked(byGroup.map { UsageSumView(name: $0.key, id: nil, $0.value) })
    }

    /// Every request has a client, so clients add up to everything.
    ///
    /// - Parameter width: hours.
    private func series(_ span: UsageSpan, of width: Int64, _ db: Database) throws -> [UsageSumView] {
        var bySlot: Sums = [:]
        func add(_ hour: Int64, _ sum: UsageSum) {
            let slot = (hour - (hour % width + width) % width) / width
            bySlot[slot] = bySlot[slot].map { $0 + sum } ?? sum
        }
        if width == 24 {
            for (day, sum) in try UsageTable.totals(days: span.days, db) { add(day * 24, sum) }
            for hours in span.hours {
                for (hour, sum) in try UsageTable.totals(hours: hours, db) { add(hour, sum) }
            }
        } else {
            let days = span.days.lowerBound * 24..<span.days.upperBound * 24
            for hours in span.hours + [days] {
                for (hour, sum) in try UsageTable.totals(hours: hours, db) { add(hour, sum) }
            }
        }
        for (slot, sum) in try loose(.client, span, db).sums { add(slot.hour, sum) }
        return bySlot.sorted { $0.key < $1.key }.map { slot, sum in
            UsageSumView(
                name: WallTime(milliseconds: slot * width * 3_600_000).rfc3339, id: nil, sum)
        }
    }

    private func ranked(_ views: [UsageSumView]) -> [UsageSumView] {
        views.sorted { ($1.costPico, $1.requests, $0.name) < ($0.costPico, $0.requests, $1.name) }
    }
}
