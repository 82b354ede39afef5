internal import GRDB
import ORKit

/// What has happened, and what happens. Readers take pages from the database
/// at their own pace; nobody waits for them and nothing is kept for them.
final class EventsService: EventsServing {
    private let store: Store
    private let bell: EventBell
    private let clock: @Sendable () -> Now

    /// Events that one may be given at most as “the newest so many”.
    static let mostLast = 10_000

    init(_ store: Store, bell: EventBell, clock: @escaping @Sendable () -> Now) {
        self.store = store
        self.clock = clock
        self.bell = bell
    }

    func read(_ query: EventQuery) async throws -> any EventReading {
        guard [query.after != nil, query.since != nil, query.last != nil].count(where: { $0 }) < 2 else {
            throw CodedError(.badValue, "after, since and last exclude each other")
        }
        guard !query.follow || query.until == nil else {
            throw CodedError(.badValue, "follow and until exclude each other")
        }
        let place = try query.after.map { text in
            guard let position = EventPosition(text) else {
                throw CodedError(.badValue, "the cursor is not one of ours")
            }
            return position
        }
        // Before the first look, so that nothing falls between.
        let rings = query.follow ? try bell.listen() : nil
        // What was just answered is found. A disk that cannot be written does
        // not keep anybody from reading.
        _ = try? await store.transact { _ in }
        let begin: EventPosition =
            if let place {
                place
            } else if let since = query.since {
                try await store.read { try EventLog.position(since: since, $0) }
            } else if let last = query.last {
                try await store.read { try EventLog.position(ofLast: min(last, Self.mostLast), $0) }
            } else {
                try await store.read { db in
                    var position = EventPosition.start
                    _ = try EventLog.missed(&position, db)
                    return position
                }
            }
        return StoredEvents(store, from: begin, until: query.until, rings: rings, clock: clock)
    }
}

/// One reader's way through the events.
final class StoredEvents: EventReading, @unchecked Sendable {
    private let store: Store
    private let until: WallTime?
    private let rings: AsyncStream<Void>?
    private let clock: @Sendable () -> Now
    // Used by one task at a time.
    private var position: EventPosition
    /// The present has been reached once.
    private var isLive = false

    private static let page = 500
    /// A follower that is further behind is taken to the present, and told.
    static let longestLag: Int64 = 10_000
    /// So many it is shown before the present all the same.
    private static let resumed = 100

    fileprivate init(
        _ store: Store, from position: EventPosition, until: WallTime?, rings: AsyncStream<Void>?,
        clock: @escaping @Sendable () -> Now
    ) {
        self.store = store
        self.clock = clock
        self.position = position
        self.until = until
        self.rings = rings
    }

    func next() async throws -> [EventRecord]? {
        while true {
            let (records, reached) = try await look()
            if !records.isEmpty { return records }
            if reached { guard try await ring() else { return nil } }
        }
    }

    /// - Returns: false when nothing more will come.
    private func ring() async throws -> Bool {
        guard let rings else { return false }
        var iterator = rings.makeAsyncIterator()
        return await iterator.next() != nil
    }

    /// - Returns: the next page, and whether there was nothing at all.
    private func look() async throws -> ([EventRecord], Bool) {
        let (begin, until, mayJump, now) = (position, until, isLive, clock().wall)
        let (gap, entries) = try await store.read { db in
            var position = begin
            let lost = try EventLog.missed(&position, db)
            var gap =
                lost == 0 ? nil : Self.gap(lost, position, now, "were removed before this reader saw them")
            let end = try EventLog.end(db)
            if mayJump, position.distance(to: end) > Self.longestLag {
                let target = try EventLog.position(ofLast: Self.resumed, db)
                let skipped = position.distance(to: target)
                position = target
                gap = Self.gap((lost ?? 0) + skipped, position, now, "came faster than this reader read them")
            }
            return (gap, try EventLog.page(after: position, limit: Self.page, db))
        }
        if entries.count < Self.page { isLive = true }
        position = entries.last?.position ?? gap.flatMap { EventPosition($0.cursor) } ?? position
        let records = entries.map(\.record).filter { record in
            guard let until, let at = WallTime(rfc3339: record.at) else { return true }
            return at <= until
        }
        return ([gap].compactMap { $0 } + records, entries.isEmpty)
    }

    private static func gap(_ lost: Int64?, _ position: EventPosition, _ now: WallTime, _ why: String)
        -> EventRecord
    {
        EventRecord(
            cursor: position.text, at: now.rfc3339, kind: "gap", severity: "warning",
            noun: "daemon", subject: nil, event: "lost",
            text: lost.map { "\($0) events \(why)" }
                ?? "the cursor is of another database; all there is follows",
            lost: lost)
    }
}
