import ORKit

/// All endpoints: which of them answers which route.
struct ControlEndpoints: Sendable {
    let keys: KeysEndpoints
    let clients: ClientsEndpoints
    let users: UsersEndpoints
    let pools: PoolsEndpoints
    let accounts: AccountsEndpoints
    let quotas: QuotasEndpoints
    let models: ModelsEndpoints
    let credits: CreditsEndpoints
    let usage: UsageEndpoint
    let reconciliation: ReconciliationEndpoint
    let limits: LimitsEndpoints
    let budgets: BudgetsEndpoints
    let requests: RequestsEndpoints
    let operations: OperationsEndpoints
    let imports: ImportEndpoint
    let events: EventsEndpoint
    let audit: AuditEndpoint

    /// - Parameter clock: for the pace of an import's progress records.
    init(
        keys: any KeysServing, clients: any ClientsServing, users: any UsersServing,
        pools: any PoolsServing,
        accounts: any AccountsServing, quotas: any QuotasServing, limits: any LimitsServing,
        budgets: any BudgetsServing,
        models: any ModelsServing, credits: any CreditsServing, usage: any UsageServing,
        reconciliation: any ReconciliationServing,
        requests: any RequestsServing,
        operations: any OperationsServing,
        events: any EventsServing, audit: any AuditServing,
        clock: @escaping @Sendable () -> Now
    ) {
        self.keys = KeysEndpoints(service: keys)
        self.clients = ClientsEndpoints(service: clients)
        self.users = UsersEndpoints(service: users)
        self.pools = PoolsEndpoints(service: pools)
        self.accounts = AccountsEndpoints(service: accounts)
        self.quotas = QuotasEndpoints(service: quotas)
        self.models = ModelsEndpoints(service: models)
        self.credits = CreditsEndpoints(service: credits)
        self.usage = UsageEndpoint(service: usage)
        self.reconciliation = ReconciliationEndpoint(service: reconciliation)
        self.limits = LimitsEndpoints(service: limits)
        self.budgets = BudgetsEndpoints(service: budgets)
        self.requests = RequestsEndpoints(service: requests)
        self.operations = OperationsEndpoints(service: operations)
        imports = ImportEndpoint(service: keys, clock: clock)
        self.events = EventsEndpoint(service: events)
        self.audit = AuditEndpoint(service: audit)
    }

    /// Exhaustive on purpose: a new route does not compile without an answer.
    func handler(for route: Route) -> ControlHandler {
        switch route {
        case .status: operations.status
        case .health: operations.health
        case .version: operations.version
        case .events: events.answer
        case .audit: audit.answer
        case .keysList: keys.list
        case .keysAdd: keys.add
        case .keysSet: keys.set
        case .keysEnable: keys.enable
        case .keysDisable: keys.disable
        case .keysReset: keys.reset
        case .keysUndo: keys.undo
        case .keysSetState: keys.setState
        case .keysTest: keys.test
        case .keysRotate: keys.rotate
        case .keysRemove: keys.remove
        case .keysPrune: keys.prune
        case .keysImport: imports.answer
        case .keysExport: keys.export
        case .keysHistory: keys.history
        case .clientsList: clients.list
        case .clientsAdd: clients.add
        case .clientsSet: clients.set
        case .clientsEnable: clients.enable
        case .clientsDisable: clients.disable
        case .clientsRotate: clients.rotate
        case .clientsRemove: clients.remove
        case .clientsPrune: clients.prune
        case .usersList: users.list
        case .usersAdd: users.add
        case .usersSet: users.set
        case .usersEnable: users.enable
        case .usersDisable: users.disable
        case .usersRemove: users.remove
        case .poolsList: pools.list
        case .poolsAdd: pools.add
        case .poolsSet: pools.set
        case .poolsRemove: pools.remove
        case .accountsList: accounts.list
        case .accountsSet: accounts.set
        case .quotasList: quotas.list
        case .quotasSet: quotas.set
        case .quotasClear: quotas.clear
        case .quotasRefresh: quotas.refresh
        case .modelsList: models.list
        case .modelsProviders: models.providers
        case .modelsCache: models.cache
        case .modelsRefresh: models.refresh
        case .limitsList: limits.list
        case .limitsSet: limits.set
        case .limitsClear: limits.clear
        case .budgetsList: budgets.list
        case .budgetsSet: budgets.set
        case .budgetsRemove: budgets.remove
        case .creditsList: credits.list
        case .creditsMove: credits.move
        case .creditsRefund: credits.refund
        case .creditsHistory: credits.history
        case .usage: usage.answer
        case .reconciliation: reconciliation.answer
        case .requestsList: requests.list
        case .requestsShow: requests.show
        case .explain: operations.rehearse
        case .cleanup: operations.cleanup
        case .configShow: operations.settings
        case .configCheck: operations.check
        case .configSet: operations.set
        case .daemonDrain: operations.drain
        case .daemonResume: operations.resume
        }
    }
}
