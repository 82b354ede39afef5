import NIOCore
import ORKit
import Synchronization
import Testing

@testable import orkd

/// Services that note what they were asked and answer little: what a test of
/// the endpoints needs.
final class FakeServices: KeysServing, ClientsServing, UsersServing, PoolsServing, AccountsServing,
    QuotasServing, LimitsServing, BudgetsServing, ModelsServing, CreditsServing, UsageServing,
    ReconciliationServing, RequestsServing, OperationsServing, EventsServing, AuditServing
{
    private let notes = Mutex<[String]>([])
    /// Thrown by every call when set.
    let failure = Mutex<(any Error)?>(nil)
    let session = FakeImport()

    var asked: [String] { notes.withLock { $0 } }

    private func note(_ text: String, _ order: Order? = nil) throws {
        if let order { #expect(order.actor == Actor(uid: 1000, gid: 1000, pid: 4711, role: .admin)) }
        let suffix = order.map { $0.dryRun ? " dry" : "" } ?? ""
        notes.withLock { $0.append(text + suffix) }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func changes<Item>() -> Changes<Item> { Changes(items: [], warnings: []) }

    func list(_ query: KeyQuery) async throws -> Page<KeyView> {
        try note(
            "keys.list \(query.select) \(query.states.map(\.rawValue)) \(query.provider ?? "-") "
                + "\(query.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }) \(query.name ?? "-") "
                + "\(query.sort ?? "-") \(query.page.limit ?? 0) \(query.page.cursor ?? "-")")
        return Page(items: [], next: "more", total: 7)
    }
    func add(_ request: KeyAdd, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.add \(request.name)", order)
        return changes()
    }
    func set(_ request: KeySet, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.set \(request.select)", order)
        return changes()
    }
    func enable(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.enable \(selection.select)", order)
        return changes()
    }
    func disable(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.disable \(selection.select)", order)
        return changes()
    }
    func reset(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.reset \(selection.select)", order)
        return changes()
    }
    func undo(_ request: KeyUndo, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.undo \(request.select)", order)
        return changes()
    }
    func setState(_ request: KeyDeclaration, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.set-state \(request.select) \(request.state.rawValue)", order)
        return changes()
    }
    func test(_ selection: Selection, _ order: Order) async throws -> [KeyTest] {
        try note("keys.test \(selection.select)", order)
        return [KeyTest(name: "a", result: "valid")]
    }
    func rotate(_ request: KeyRotate, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.rotate \(request.select)", order)
        return changes()
    }
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.remove \(selection.select)", order)
        return changes()
    }
    func prune(_ rule: Prune, _ order: Order) async throws -> Changes<KeyView> {
        try note("keys.prune \(rule.max ?? "-")", order)
        return changes()
    }
    func export(_ query: KeyExportQuery, _ order: Order) async throws -> Page<KeyExport> {
        try note("keys.export \(query.select ?? []) \(query.secrets ?? false)", order)
        return Page(items: [])
    }
    func history(of key: String, _ page: PageQuery) async throws -> Page<KeyTransition> {
        try note("keys.history \(key)")
        return Page(items: [])
    }
    func beginImport(_ options: ImportOptions, _ order: Order) async throws -> any ImportSession {
        try note(
            "keys.import \(options.format?.rawValue ?? "-") \(options.tags.count) \(options.reactivate)",
            order)
        return session
    }

    func balances(_ select: [String]) async throws -> [BalanceView] {
        try note("credits.list \(select)")
        return []
    }
    func move(_ request: CreditMove, _ order: Order) async throws -> Changes<MovementView> {
        try note("credits.move \(request.user) \(request.credits) \(request.deduct ?? false)", order)
        return changes()
    }
    func refund(_ request: CreditRefund, _ order: Order) async throws -> Changes<MovementView> {
        try note("credits.refund \(request.movement)", order)
        return changes()
    }
    func history(_ user: String, _ page: PageQuery) async throws -> Page<MovementView> {
        try note("credits.history \(user) \(page.limit ?? 0) \(page.cursor ?? "-")")
        return Page(items: [])
    }

    func reconcile(_ query: ReconciliationQuery) async throws -> [ReconciliationView] {
        let tolerance = query.tolerance
        try note(
            "reconcile \(query.select) \(query.window.rawValue) \(tolerance.percent) \(tolerance.least.decimal)"
        )
        return []
    }

    func usage(_ query: UsageQuery) async throws -> [UsageSumView] {
        try note(
            "usage \(query.group.rawValue) \(query.since?.rfc3339 ?? "-") \(query.until?.rfc3339 ?? "-")")
        return []
    }

    func list(_ query: ClientQuery) async throws -> Page<ClientView> {
        try note(
            "clients.list \(query.select) \(query.environment ?? "-") \(query.states) \(query.user ?? "-")")
        return Page(items: [])
    }
    func add(_ request: ClientAdd, _ order: Order) async throws -> Changes<ClientView> {
        try note("clients.add \(request.name)", order)
        return changes()
    }
    func set(_ request: ClientSet, _ order: Order) async throws -> Changes<ClientView> {
        try note("clients.set \(request.select)", order)
        return changes()
    }
    func enable(_ selection: Selection, _ order: Order) async throws -> Changes<ClientView> {
        try note("clients.enable \(selection.select)", order)
        return changes()
    }
    func disable(_ selection: Selection, _ order: Order) async throws -> Changes<ClientView> {
        try note("clients.disable \(selection.select)", order)
        return changes()
    }
    func rotate(_ request: ClientRotate, _ order: Order) async throws -> Changes<ClientView> {
        try note("clients.rotate \(request.select)", order)
        return changes()
    }
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<ClientView> {
        try note("clients.remove \(selection.select)", order)
        return changes()
    }
    func prune(_ rule: Prune, _ order: Order) async throws -> Changes<ClientView> {
        try note("clients.prune \(rule.max ?? "-")", order)
        return changes()
    }

    func list(_ query: UserQuery) async throws -> Page<UserView> {
        try note("users.list \(query.select) \(query.page.limit ?? 0) \(query.page.cursor ?? "-")")
        return Page(items: [])
    }
    func add(_ request: UserAdd, _ order: Order) async throws -> Changes<UserView> {
        try note("users.add \(request.name)", order)
        return changes()
    }
    func set(_ request: UserSet, _ order: Order) async throws -> Changes<UserView> {
        try note("users.set \(request.select)", order)
        return changes()
    }
    func enable(_ selection: Selection, _ order: Order) async throws -> Changes<UserView> {
        try note("users.enable \(selection.select)", order)
        return changes()
    }
    func disable(_ selection: Selection, _ order: Order) async throws -> Changes<UserView> {
        try note("users.disable \(selection.select)", order)
        return changes()
    }
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<UserView> {
        try note("users.remove \(selection.select)", order)
        return changes()
    }

    func list(_ select: [String]) async throws -> Page<PoolView> {
        try note("pools.list \(select)")
        return Page(items: [])
    }
    func add(_ request: PoolAdd, _ order: Order) async throws -> Changes<PoolView> {
        try note("pools.add \(request.name)", order)
        return changes()
    }
    func set(_ request: PoolSet, _ order: Order) async throws -> Changes<PoolView> {
        try note("pools.set \(request.pool)", order)
        return changes()
    }
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<PoolView> {
        try note("pools.remove \(selection.select)", order)
        return changes()
    }

    func list(_ query: AccountQuery) async throws -> Page<AccountView> {
        try note("accounts.list \(query.select) \(query.page.limit ?? 0) \(query.page.cursor ?? "-")")
        return Page(items: [])
    }
    func set(_ request: AccountSet, _ order: Order) async throws -> Changes<AccountView> {
        try note("accounts.set \(request.account)", order)
        return changes()
    }

    func list(_ select: [String]) async throws -> Page<LimitView> {
        try note("limits.list \(select)")
        return Page(items: [], next: nil, total: 0)
    }
    func set(_ request: LimitSet, _ order: Order) async throws -> Changes<LimitView> {
        let numbers = request.numbers.map { "\($0.key.word)=\($0.value.count ?? 0)" }.sorted()
        try note("limits.set \(request.select) \(numbers) \(request.shadow ?? false)", order)
        return changes()
    }
    func clear(_ selection: Selection, _ order: Order) async throws -> Changes<LimitView> {
        try note("limits.clear \(selection.select)", order)
        return changes()
    }

    func list(_ query: QuotaQuery) async throws -> Page<QuotaView> {
        try note("quotas.list \(query.select) \(query.page.limit ?? 0) \(query.page.cursor ?? "-")")
        return Page(items: [])
    }
    func set(_ request: QuotaSet, _ order: Order) async throws -> Changes<QuotaView> {
        let tokens = request.tokens.map { $0.count.map(String.init) ?? "none" } ?? "-"
        try note(
            "quotas.set \(request.select) \(request.requests?.count ?? 0) \(tokens) \(request.window ?? "-")",
            order)
        return changes()
    }
    func clear(_ selection: Selection, _ order: Order) async throws -> Changes<QuotaView> {
        try note("quotas.clear \(selection.select)", order)
        return changes()
    }
    func refresh(_ selection: Selection, _ order: Order) async throws -> Changes<QuotaView> {
        try note("quotas.refresh \(selection.select)", order)
        return changes()
    }

    func set(_ request: BudgetSet, _ order: Order) async throws -> Changes<BudgetView> {
        let marks = request.warnAt.map { "\($0)" } ?? "-"
        try note(
            "budgets.set \(request.budgets) \(request.limit ?? "-") \(request.timeZone ?? "-") "
                + "\(request.hard ?? false) \(marks)", order)
        return changes()
    }
    func list(_ select: [String]) async throws -> Page<BudgetView> {
        try note("budgets.list \(select)")
        return Page(items: [])
    }
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<BudgetView> {
        try note("budgets.remove \(selection.select)", order)
        return changes()
    }

    func list(_ query: ModelQuery) async throws -> Page<ModelOfferView> {
        let sort = query.sort.map { ($0.isDown ? "-" : "") + $0.key.rawValue } ?? "-"
        try note(
            "models.list \(query.select) \(query.match ?? "-") \(query.provider ?? "-") \(query.free) \(sort) "
                + "\(query.page.limit ?? 0) \(query.page.cursor ?? "-")")
        return Page(items: [])
    }
    func providers() async throws -> [ModelProviderView] {
        try note("models.providers")
        return []
    }
    func cache() -> ModelCacheView {
        notes.withLock { $0.append("models.cache") }
        return ModelCacheView(
            models: 0, unread: 0, fetchedAt: nil, ttlSeconds: 0, failure: nil,
            at: WallTime(milliseconds: 0))
    }
    func refresh(_ order: Order) async throws -> Changes<ModelCacheView> {
        try note("models.refresh", order)
        return changes()
    }

    func list(_ query: RequestQuery) async throws -> Page<RequestView> {
        try note(
            "requests.list \(query.since?.milliseconds ?? 0) \(query.code?.rawValue ?? "-") \(query.failed)")
        return Page(items: [])
    }
    func show(_ id: RequestID) async throws -> RequestView {
        try note("requests.show \(id)")
        throw CodedError(.requestNotFound)
    }

    func list(_ query: AuditQuery) async throws -> Page<AuditView> {
        try note(
            "audit \(query.since?.rfc3339 ?? "-") \(query.actor ?? "-") \(query.action ?? "-") "
                + "\(query.target ?? "-") \(query.page.limit ?? 0)")
        return Page(items: [])
    }

    func read(_ query: EventQuery) async throws -> any EventReading {
        try note(
            "events \(query.after ?? "-") \(query.since?.milliseconds ?? 0) \(query.last ?? 0) \(query.follow)"
        )
        return FakeEvents()
    }

    func status() async throws -> StatusReport {
        try note("status")
        throw CodedError(.storageUnavailable)
    }
    func health() async throws -> HealthReport {
        try note("health")
        return HealthReport(status: "degraded", conditions: [])
    }
    func version() async throws -> VersionReport {
        try note("version")
        return VersionReport(version: API.release, api: API.version, sqlite: "3.40.1")
    }
    func rehearse(_ query: RehearsalQuery) async throws -> RehearsalView {
        try note(
            "explain \(query.client ?? "-") \(query.model ?? "-") \(query.pool ?? "-") \(query.session ?? "-")"
        )
        return RehearsalView(at: "", client: query.client, model: query.model, pools: [])
    }
    func cleanup(classes: [String], _ order: Order) async throws -> CleanupReport {
        try note("cleanup \(classes)", order)
        return CleanupReport(classes: [:], dryRun: order.dryRun)
    }
    func settings() async throws -> [SettingView] {
        try note("settings")
        return []
    }
    func check(configuration text: [UInt8]) async throws -> [ConfigFinding] {
        try note("config.check \(text.count)")
        return []
    }
    func set(_ request: ConfigSet, _ order: Order) async throws -> Changes<SettingView> {
        try note("config.set \(request.strategy?.rawValue ?? "-")", order)
        return changes()
    }
    func drain(_ order: Order) async throws -> DrainReport {
        try note("drain", order)
        return DrainReport(draining: true, inFlight: 1)
    }
    func resume(_ order: Order) async throws -> DrainReport {
        try note("resume", order)
        return DrainReport(draining: false, inFlight: 1)
    }
}

/// One event, and the end.
final class FakeEvents: EventReading {
    private let isRead = Mutex(false)

    func next() async throws -> [EventRecord]? {
        let wasRead = isRead.withLock { read in
            defer { read = true }
            return read
        }
        guard !wasRead else { return nil }
        return [
            EventRecord(
                cursor: "k1.a0.n0", at: "2026-11-21T14:00:00Z", kind: "key", severity: "info", noun: "key",
                subject: "a", event: "usable", text: "resting → usable by time")
        ]
    }
}

/// Counts lines; a line `bad` is rejected, a line `fail` ends the import.
final class FakeImport: ImportSession {
    private struct State {
        var counts = ImportCounts()
        var abandoned = false
    }
    private let state = Mutex(State())

    func take(_ bytes: ByteBuffer) async throws -> [ImportRejection] {
        try state.withLock { state in
            var rejections: [ImportRejection] = []
            state.counts.bytes += Int64(bytes.readableBytes)
            for line in String(buffer: bytes).split(separator: "\n") {
                state.counts.lines += 1
                if line == "fail" { throw CodedError(.storageUnavailable) }
                guard line == "bad" else { continue }
                state.counts.rejected += 1
                rejections.append(.init(line: state.counts.lines, code: .badFormat, message: "not a key"))
            }
            return rejections
        }
    }

    var counts: ImportCounts { state.withLock { $0.counts } }
    var isAbandoned: Bool { state.withLock { $0.abandoned } }

    func finish() async throws -> (rejections: [ImportRejection], report: ImportReport) {
        (
            [.init(line: counts.lines, code: .duplicate, message: "late")],
            ImportReport(counts: counts, dryRun: false, rejections: [], fingerprints: [], milliseconds: 1)
        )
    }

    func abandon() async { state.withLock { $0.abandoned = true } }
}
