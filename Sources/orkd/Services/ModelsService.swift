internal import GRDB
import NIOConcurrencyHelpers
import ORKit

/// What models there are and what they cost, as the upstream says. Asked for
/// now and then, kept, and served as it is while the upstream cannot be asked.
final class ModelsService: ModelsServing {
    private struct State {
        var list: ModelList?
        /// When it was last asked for in vain, and why. Monotonic.
        var failed: (at: Int64, error: CodedError)?
    }

    private let keys: KeysService
    private let probe: any ModelProbe
    private let every: @Sendable () -> Int64
    private let overrides: @Sendable () -> [PriceOverride]
    private let published: @Sendable (PriceTable) async -> Void
    private let turns = Turns()
    private let state = NIOLockedValueBox(State())

    /// After a failure nobody asks the upstream by itself for so long.
    private static let pause: Int64 = 60 * .second
    /// Keys looked at, and keys asked with, at most: any one will do.
    private static let keysLookedAt = 256
    private static let keysTried = 3

    /// - Parameters:
    ///   - every: how old the list may become, in milliseconds; 0: any age.
    ///   - overrides: what holds in place of the list's prices.
    ///   - published: hears of every new table before it is told of.
    init(
        _ keys: KeysService, probe: any ModelProbe, every: @escaping @Sendable () -> Int64,
        overrides: @escaping @Sendable () -> [PriceOverride] = { [] },
        published: @escaping @Sendable (PriceTable) async -> Void = { _ in }
    ) {
        self.keys = keys
        self.probe = probe
        self.every = every
        self.overrides = overrides
        self.published = published
    }

    /// Takes what was kept. At the start, before anybody asks.
    func load() async throws {
        let kept = try await keys.store.read { try ModelTable.list($0) }
        guard let kept, !kept.catalogue.models.isEmpty else { return }
        await publish(ModelList(kept.catalogue, at: kept.at, overrides: overrides()))
    }

    /// Asks the upstream when it is time to.
    func check() async {
        let now = keys.clock()
        let (list, failed) = state.withLockedValue { ($0.list, $0.failed) }
        guard isOld(list, at: now.wall), !Self.isRecent(failed?.at, at: now),
            keys.box.decide({ engine, _ in engine.count }) > 0
        else { return }
        _ = try? await turns.take { try await fetch(nil) }
    }

    /// What is known, however old. Where nothing is, the upstream is asked,
    /// once for all who wait.
    func current() async throws -> ModelList {
        if let list = state.withLockedValue({ $0.list }) { return list }
        return try await turns.take {
            let (list, failed) = state.withLockedValue { ($0.list, $0.failed) }
            if let list { return list }
            // A key may have come since, and to look for one is cheap.
            if let failed, failed.error.code != .noUpstreamKey, Self.isRecent(failed.at, at: keys.clock()) {
                throw failed.error
            }
            return try await fetch(nil)
        }
    }

    /// What is known, without asking for it.
    var known: ModelList? { state.withLockedValue { $0.list } }

    func cache() -> ModelCacheView {
        let (list, failed) = state.withLockedValue { ($0.list, $0.failed) }
        return ModelCacheView(
            models: list?.table.models.count ?? 0, unread: list?.unread ?? 0, fetchedAt: list?.at,
            ttlSeconds: every() / 1000, failure: failed?.error.message, at: keys.clock().wall)
    }

    func refresh(_ order: Order) async throws -> Changes<ModelCacheView> {
        try await turns.take {
            let before = state.withLockedValue { $0.list }
            let after = try await fetch(order)
            let isSame = before?.listed == after.listed
            return Changes(items: [
                Change(item: cache(), changed: !isSame, outcome: isSame ? "unchanged" : "refreshed")
            ])
        }
    }

    /// Has the prices hold that operators state now.
    func reprice() async {
        await turns.take {
            guard let list = state.withLockedValue({ $0.list })?.repriced(by: overrides()) else { return }
            await published(list.table)
            state.withLockedValue { $0.list = list }
        }
    }

    func list(_ query: ModelQuery) async throws -> Page<ModelOfferView> {
        let list = try await current()
        let models = try query.choose(from: list.table)
        let start = try query.page.place { Int($0).flatMap { $0 > 0 ? $0 : nil } } ?? 0
        let end = min(models.count, start + query.page.size)
        return Page(
            items: models[min(start, end)..<end].map { ModelOfferView($0, asOf: list.at) },
            next: end < models.count ? String(end) : nil, total: models.count)
    }

    func providers() async throws -> [ModelProviderView] { try await current().providers }

    // Asking

    private func isOld(_ list: ModelList?, at now: WallTime) -> Bool {
        let every = every()
        guard every > 0 else { return false }
        // A clock that was set back makes it look younger than nothing.
        return list.map { !(0..<every).contains(now.milliseconds(since: $0.at)) } ?? true
    }

    private static func isRecent(_ failure: Int64?, at now: Now) -> Bool {
        failure.map { now.monotonic - $0 < pause } ?? false
    }

    /// Durable, then visible, then answered. In the turn of whoever asks.
    ///
    /// - Parameter order: whose wish it is; nil: it was due.
    private func fetch(_ order: Order?) async throws -> ModelList {
        do {
            let catalogue = try await ask(by: order?.actor ?? .daemon)
            let now = keys.clock().wall
            let list = ModelList(catalogue, at: now, overrides: overrides())
            let before = state.withLockedValue { $0.list?.listed ?? [] }
            try await keys.store.transact(dryRun: order?.dryRun ?? false) { db in
                try ModelTable.put(catalogue, at: now, before: before, db)
                guard let order else { return }
                let count = AuditValue.number(Int64(catalogue.models.count))
                try AuditTable.append(
                    "models.refresh", "models", by: order.actor, at: now, after: ["models": count], db)
            }
            if order?.dryRun != true { await publish(list) }
            return list
        } catch {
            let error = error as? CodedError ?? CodedError(.upstreamUnreachable)
            let now = keys.clock().monotonic
            state.withLockedValue { $0.failed = (now, error) }
            throw error
        }
    }

    private func publish(_ list: ModelList) async {
        await published(list.table)
        state.withLockedValue { $0 = State(list: list) }
    }

    /// With one key after the other: a list is the same for all of them.
    private func ask(by actor: Actor) async throws -> ModelCatalogue {
        var failure = CodedError(.noUpstreamKey, "no key may be used to ask the upstream for its models")
        for secret in try await secrets(by: actor) {
            do { return try await probe.models(secret) } catch let error as CodedError { failure = error }
        }
        throw failure
    }

    /// The best keys first. Those that rest will do: nothing is generated.
    private func secrets(by actor: Actor) async throws -> [Secret] {
        let rows = try await keys.store.read { db in
            try KeyTable.rows(db, where: "enabled ORDER BY id LIMIT ?", [Self.keysLookedAt])
        }
        let now = keys.clock()
        let ranked = zip(rows, keys.standings(rows, at: now)).compactMap { row, standing in
            standing.flatMap { Self.rank($0.state) }.map { (rank: $0, row: row) }
        }
        return try ranked.sorted { ($0.rank, $0.row.id.raw) < ($1.rank, $1.row.id.raw) }
            .prefix(Self.keysTried).map { try keys.store.open($0.row, for: .models, by: actor) }
    }

    /// Nil: it is not to be used at all.
    private static func rank(_ state: KeyState) -> Int? {
        switch state {
        case .usable: 0
        case .resting, .exhausted: 1
        case .broken, .suspect: 2
        case .invalid, .disabled: nil
        }
    }
}
