import NIOCore
import ORKit

/// One page of a list.
struct Page<Item: Codable & Sendable>: Sendable {
    var items: [Item]
    var next: String?
    var total: Int?
}

/// What a change did.
struct Changes<Item: Codable & Sendable>: Sendable {
    var items: [Change<Item>]
    var warnings: [Remark] = []
}

/// What the control API needs done with keys. Every error is a `CodedError`.
protocol KeysServing: Sendable {
    func list(_ query: KeyQuery) async throws -> Page<KeyView>
    func add(_ request: KeyAdd, _ order: Order) async throws -> Changes<KeyView>
    func set(_ request: KeySet, _ order: Order) async throws -> Changes<KeyView>
    func enable(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView>
    func disable(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView>
    func reset(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView>
    func undo(_ request: KeyUndo, _ order: Order) async throws -> Changes<KeyView>
    func setState(_ request: KeyDeclaration, _ order: Order) async throws -> Changes<KeyView>
    func test(_ selection: Selection, _ order: Order) async throws -> [KeyTest]
    func rotate(_ request: KeyRotate, _ order: Order) async throws -> Changes<KeyView>
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<KeyView>
    func prune(_ rule: Prune, _ order: Order) async throws -> Changes<KeyView>
    /// In the order of ids.
    func export(_ query: KeyExportQuery, _ order: Order) async throws -> Page<KeyExport>
    /// Newest first.
    func history(of key: String, _ page: PageQuery) async throws -> Page<KeyTransition>
    /// Begins an import; refuses here what can be refused before the first
    /// byte.
    func beginImport(_ options: ImportOptions, _ order: Order) async throws -> any ImportSession
}

/// One import under way. Used by one task.
protocol ImportSession: AnyObject, Sendable {
    /// Takes the next bytes of the file and suspends while the store is busy.
    ///
    /// - Returns: the lines that were not taken, since the last call.
    func take(_ bytes: ByteBuffer) async throws -> [ImportRejection]
    /// Counts so far.
    var counts: ImportCounts { get }
    /// The file is whole.
    ///
    /// - Returns: the lines not taken since the last `take`, and the result.
    func finish() async throws -> (rejections: [ImportRejection], report: ImportReport)
    /// The caller left or an error ended it. What was committed stays.
    func abandon() async
}

/// What the control API needs done with client keys.
protocol ClientsServing: Sendable {
    func list(_ query: ClientQuery) async throws -> Page<ClientView>
    func add(_ request: ClientAdd, _ order: Order) async throws -> Changes<ClientView>
    func set(_ request: ClientSet, _ order: Order) async throws -> Changes<ClientView>
    func enable(_ selection: Selection, _ order: Order) async throws -> Changes<ClientView>
    func disable(_ selection: Selection, _ order: Order) async throws -> Changes<ClientView>
    func rotate(_ request: ClientRotate, _ order: Order) async throws -> Changes<ClientView>
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<ClientView>
    func prune(_ rule: Prune, _ order: Order) async throws -> Changes<ClientView>
}

/// What the control API needs done with users.
protocol UsersServing: Sendable {
    func list(_ query: UserQuery) async throws -> Page<UserView>
    func add(_ request: UserAdd, _ order: Order) async throws -> Changes<UserView>
    func set(_ request: UserSet, _ order: Order) async throws -> Changes<UserView>
    func enable(_ selection: Selection, _ order: Order) async throws -> Changes<UserView>
    func disable(_ selection: Selection, _ order: Order) async throws -> Changes<UserView>
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<UserView>
}

/// What the control API needs done with users' credits.
protocol CreditsServing: Sendable {
    /// - Parameter select: users; all whose credits count when empty.
    func balances(_ select: [String]) async throws -> [BalanceView]
    func move(_ request: CreditMove, _ order: Order) async throws -> Changes<MovementView>
    func refund(_ request: CreditRefund, _ order: Order) async throws -> Changes<MovementView>
    /// Newest first.
    func history(_ user: String, _ page: PageQuery) async throws -> Page<MovementView>
}

/// What the control API needs told about usage.
protocol UsageServing: Sendable {
    func usage(_ query: UsageQuery) async throws -> [UsageSumView]
}

/// What the control API needs told about the upstream's own sums.
protocol ReconciliationServing: Sendable {
    func reconcile(_ query: ReconciliationQuery) async throws -> [ReconciliationView]
}

/// What the control API needs done with pools.
protocol PoolsServing: Sendable {
    /// - Parameter select: names or ids; all when empty.
    func list(_ select: [String]) async throws -> Page<PoolView>
    func add(_ request: PoolAdd, _ order: Order) async throws -> Changes<PoolView>
    func set(_ request: PoolSet, _ order: Order) async throws -> Changes<PoolView>
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<PoolView>
}

/// What the control API needs done with accounts.
protocol AccountsServing: Sendable {
    func list(_ query: AccountQuery) async throws -> Page<AccountView>
    func set(_ request: AccountSet, _ order: Order) async throws -> Changes<AccountView>
}

/// What the control API needs done with quotas of keys.
protocol QuotasServing: Sendable {
    func list(_ query: QuotaQuery) async throws -> Page<QuotaView>
    func set(_ request: QuotaSet, _ order: Order) async throws -> Changes<QuotaView>
    func clear(_ selection: Selection, _ order: Order) async throws -> Changes<QuotaView>
    func refresh(_ selection: Selection, _ order: Order) async throws -> Changes<QuotaView>
}

/// What the control API asks about models.
protocol ModelsServing: Sendable {
    func list(_ query: ModelQuery) async throws -> Page<ModelOfferView>
    func providers() async throws -> [ModelProviderView]
    func cache() -> ModelCacheView
    func refresh(_ order: Order) async throws -> Changes<ModelCacheView>
}

/// What the control API needs done with the limits of client keys.
protocol LimitsServing: Sendable {
    /// - Parameter select: of clients; at least one.
    func list(_ select: [String]) async throws -> Page<LimitView>
    func set(_ request: LimitSet, _ order: Order) async throws -> Changes<LimitView>
    func clear(_ selection: Selection, _ order: Order) async throws -> Changes<LimitView>
}

/// What the control API needs done with budgets.
protocol BudgetsServing: Sendable {
    /// - Parameter select: of budgets; all when empty.
    func list(_ select: [String]) async throws -> Page<BudgetView>
    func set(_ request: BudgetSet, _ order: Order) async throws -> Changes<BudgetView>
    func remove(_ selection: Selection, _ order: Order) async throws -> Changes<BudgetView>
}

/// What the control API asks about events.
protocol EventsServing: Sendable {
    /// Begins a reading; refuses here what can be refused before the first
    /// line.
    func read(_ query: EventQuery) async throws -> any EventReading
}

/// One reading of events under way. Used by one task.
protocol EventReading: AnyObject, Sendable {
    /// The next ones. Suspends while there are none, when it follows.
    ///
    /// - Returns: nil at the end.
    func next() async throws -> [EventRecord]?
}

/// What the control API asks about changes.
protocol AuditServing: Sendable {
    func list(_ query: AuditQuery) async throws -> Page<AuditView>
}

/// What the control API asks about requests.
protocol RequestsServing: Sendable {
    func list(_ query: RequestQuery) async throws -> Page<RequestView>
    func show(_ id: RequestID) async throws -> RequestView
}

/// What the control API asks of the daemon itself.
protocol OperationsServing: Sendable {
    func status() async throws -> StatusReport
    func health() async throws -> HealthReport
    func version() async throws -> VersionReport
    func rehearse(_ query: RehearsalQuery) async throws -> RehearsalView
    /// - Parameter classes: all when empty.
    func cleanup(classes: [String], _ order: Order) async throws -> CleanupReport
    func settings() async throws -> [SettingView]
    /// - Parameter text: a configuration file.
    func check(configuration text: [UInt8]) async throws -> [ConfigFinding]
    func set(_ request: ConfigSet, _ order: Order) async throws -> Changes<SettingView>
    func drain(_ order: Order) async throws -> DrainReport
    func resume(_ order: Order) async throws -> DrainReport
}
