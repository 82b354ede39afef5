// Services: what operators ask for, by noun, whoever carries it to us. Here: validation, the order of a change
// (durable, visible, answered), views. Not here: HTTP, SQL beyond what the tables offer, decisions about requests.
// May import GRDB, NIOCore (buffers only), NIOConcurrencyHelpers (locks), FoundationEssentials and ORKit.

internal import GRDB
import ORKit

/// Everything that operators do with pool keys. A change is on disk with its
/// audit row first, then known to the engine, then answered.
final class KeysService: KeysServing {
    let store: Store
    let box: EngineBox
    let clock: @Sendable () -> Now
    /// Nil: nobody can be asked, keys are added as unchecked.
    let probe: (any KeyProbe)?
    /// The engine hears of changes in the order of their commits.
    let turns = Turns()
    let poolNames = PoolNames()
    /// Runs work where requests run: see `publish`.
    private let onLoop: @Sendable (@escaping @Sendable () -> Void) async -> Void

    init(
        _ store: Store, _ box: EngineBox, probe: (any KeyProbe)?, clock: @escaping @Sendable () -> Now,
        onLoop: @escaping @Sendable (@escaping @Sendable () -> Void) async -> Void = { $0() }
    ) {
        self.onLoop = onLoop
        self.store = store
        self.box = box
        self.probe = probe
        self.clock = clock
    }

    /// Newest first.
    func history(of key: String, _ page: PageQuery) async throws -> Page<KeyTransition> {
        let before = try page.place { Int64($0) }
        // What the engine has just said is on its way to the disk.
        _ = try? await store.transact { _ in }
        return try await store.read { db in
            let limit = page.size
            let id = try Self.anyID(key, db)
            let rows = try KeyTransitionTable.history(of: id, before: before ?? .max, limit: limit + 1, db)
            return Page(
                items: rows.prefix(limit).map { KeyTransition($0.transition) },
                next: rows.count > limit ? String(rows[limit - 1].number) : nil, total: nil)
        }
    }

    /// Also a key that was removed has a history.
    private static func anyID(_ text: String, _ db: Database) throws -> KeyID {
        let row = try KeySelection.find([text], ifExists: true, db).rows.first
        if let row { return row.id }
        if let id = try Tombstones.id(.key, name: text, db) { return KeyID(id) }
        throw CodedError(.keyNotFound, "there is and was no key “\(KeyFields.shown(text))”")
    }

    // A change

    /// Durable, then visible, then answered.
    func change(
        _ order: Order, _ body: @escaping @Sendable (Database, WallTime) throws -> KeyOutcome
    ) async throws -> Changes<KeyView> {
        let now = clock()
        let outcome = try await commit(order) {
            try body($0, now.wall)
        } publishing: {
            $0
        }
        return changes(outcome, at: now)
    }

    /// As it is told.
    func changes(_ outcome: KeyOutcome, at now: Now) -> Changes<KeyView> {
        Changes(
            items: zip(outcome.items, views(outcome.items.map(\.row), at: now)).map { item, view in
                Change(item: view, changed: item.changed, outcome: item.outcome, detail: item.detail)
            }, warnings: outcome.warnings)
    }

    /// One transaction, and what it means for the engine, while nobody else's
    /// change is between the two.
    func commit<Answer: Sendable>(
        _ order: Order, _ body: @escaping @Sendable (Database) throws -> Answer,
        publishing outcome: @Sendable (Answer) -> KeyOutcome
    ) async throws -> Answer {
        try await turns.take {
            let answer = try await store.transact(dryRun: order.dryRun, body)
            guard !order.dryRun else { return answer }
            let outcome = outcome(answer)
            await publish(outcome.pool)
            if outcome.dropsSecrets { store.journal.truncateLog() }
            return answer
        }
    }

    /// In small pieces: the lock is never held long, whatever the number. And
    /// on an event loop: a thread that is busy with an import loses its core
    /// every few milliseconds, and requests would wait for the lock with it.
    func publish(_ changes: [PoolChange]) async {
        let now = clock()
        var rest = changes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(8)
            rest = rest.dropFirst(8)
            await onLoop { [box] in
                box.change { engine, _, effects in
                    for change in piece { effects += engine.apply(change, at: now) }
                }
            }
        }
    }

    /// The rows as they stand in the engine.
    func views(_ rows: [KeyRow], at now: Now) -> [KeyView] {
        zip(rows, standings(rows, at: now)).map { row, standing in
            row.view(standing, pool: poolNames[row.pool], at: now.wall)
        }
    }

    /// In pieces: each is one holding of the engine's lock.
    func standings(_ rows: [KeyRow], at now: Now) -> [KeyStanding?] {
        var standings: [KeyStanding?] = []
        standings.reserveCapacity(rows.count)
        var rest = rows[...]
        while !rest.isEmpty {
            let ids = rest.prefix(256).map(\.id)
            rest = rest.dropFirst(256)
            standings += box.decide { engine, _ in ids.map { engine.standing(of: $0, at: now) } }
        }
        return standings
    }

    func standing(of key: KeyID, at now: Now) -> KeyStanding? {
        box.decide { engine, _ in engine.standing(of: key, at: now) }
    }
}

extension KeyTransition {
    fileprivate init(_ transition: Transition) {
        self.init(
            at: transition.at.rfc3339, from: transition.from.rawValue, to: transition.to.rawValue,
            trigger: transition.trigger, evidence: transition.evidence, until: transition.until?.rfc3339,
            request: transition.request?.description)
    }
}
