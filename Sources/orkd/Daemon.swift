// orkd: the daemon, all IO. Here: the command line, the one place of construction, and what joins the parts.
// Not here: decisions (ORKit), and anything that belongs to one part: Proxy, Upstream, Store, Services, Control …
// May import whatever its parts may; each folder says what that is.

import Glibc
import Logging
import NIOCore
import NIOPosix
import ORKit

/// Constructs everything once, in order, and runs until told to stop.
///
/// Start: lock → store → engine → loops → control socket → data port → ready.
/// No listener opens before the keys are loaded. Stop is the reverse: no new
/// requests, running ones finish until the deadline, then the store closes.
struct Daemon {
    let configuration: Configuration
    /// As the command line said, for reading the configuration again.
    let flags: FlagValues
    let environment: [String: String]
    /// What could not be hardened before the configuration was read.
    let remark: String?

    func run() async throws {
        let started = SystemClock.now()
        let output = LogOutput(
            level: .init(configuration.log.level),
            prefixed: JournalStream.isConnected(environment: environment))
        output.start()
        defer { output.flush(milliseconds: 1000) }
        let logger = Logger(label: "orkd") { LogOutputHandler(label: $0, output: output) }
        for line in [remark].compactMap({ $0 }) + ProcessHardening.apply() + configuration.remarks {
            logger.warning("\(line)")
        }
        let notify = Notify(environment: environment)
        let activated = ListenFDs.take(environment: environment)

        try prepareDirectories()
        let locks = try configuration.lockFiles.map { try LockFile($0) }
        defer { withExtendedLifetime(locks) {} }

        let certificate = try configuration.certificateFiles.map(ServerCertificate.init)
        let stop = StopSignal()
        let conditions = Conditions()
        let bell = EventBell()
        let storeHealth = StoreHealth()
        let state = DaemonState(configuration: configuration, started: started)
        let store = try openStore(
            conditions: conditions, bell: bell, health: storeHealth, stop: stop, state: state, logger: logger,
            at: started)
        defer { store.close() }
        let journal = store.journal
        let box = EngineBox(
            Engine(settings: configuration.engineSettings), onLimitNews: { journal.stirLimits() },
            keep: { effects, request in journal.keep(effects, of: request, logger: logger) })
        journal.watchLimits { box.takeLimitNews(isWhole: $0, at: SystemClock.now()) }
        journal.watchBudgets { box.takeBudgetNews(at: SystemClock.now()) }
        journal.watchTraffic { state.loops?.traffic.underWay ?? 0 }

        let origin = configuration.origin
        let gather: @Sendable () async -> Void = { await state.loops?.onEach { $0.handOver() } }
        let clients = ClientsService(store, clock: SystemClock.now, gather: gather) {
            await state.loops?.apply($0)
        }
        let probe = UpstreamProbe(state: state)
        let keys = KeysService(store, box, probe: probe, clock: SystemClock.now) { work in
            if let loops = state.loops { await loops.onOne(work) } else { work() }
        }
        let models = ModelsService(
            keys, probe: UpstreamModels(state: state), every: { state.configuration.upstream.modelsEvery },
            overrides: { state.configuration.upstream.prices },
            published: { table in await state.loops?.onEach { $0.replacePrices(table) } })
        let operations = OperationsService(
            store, box: box, clients: clients, conditions: conditions, facts: state, controls: state.controls,
            retention: configuration.retention, poolNames: keys.poolNames, prices: { models.known?.table },
            clock: SystemClock.now)
        let limits = LimitsService(store, box, clock: SystemClock.now)
        let budgets = BudgetsService(store, box, clock: SystemClock.now)
        try keys.load()
        // A disk that cannot be written keeps nobody from starting; it is told again later.
        try? await store.tellTally(at: started.wall)
        try limits.load()
        for zone in try budgets.load() {
            logger.warning(
                "a budget's time zone is not known here: UTC counts", metadata: ["zone": .string(zone)])
        }
        let seeded = try await keys.seed(
            configuration.seedKeys, prefix: "env-", by: .daemon)
        if seeded > 0 {
            logger.notice("keys added from the environment", metadata: ["count": .stringConvertible(seeded)])
        }
        if let strategy = try await operations.loadStrategy() {
            box.change { engine, _, effects in effects += engine.apply(.strategy(strategy), at: started) }
        }

        let books = BooksBox()
        books.change { $0.load(store.accounts) }
        let credits = CreditsService(store, books, clock: SystemClock.now)
        let usage = UsageService(store, clock: SystemClock.now)
        let users = UsersService(clients)
        let requests = RequestsService(store, gather: gather, prices: { models.known })
        let web = WebRouter.application(
            health: LiveHealth(
                state: state, box: box, operations: operations, clients: clients, conditions: conditions),
            metrics: configuration.proxy.metrics == .off
                ? nil : LiveMetrics(state: state, box: box, operations: operations, output: output),
            models: configuration.proxy.publicModels ? models : nil,
            accounts: WebEndpoints(
                WebServices(
                    users: users, clients: clients, credits: credits, limits: limits, usage: usage,
                    models: models, requests: requests, keys: keys, operations: operations,
                    price: configuration.credits.price),
                registration: configuration.registration),
            hsts: configuration.proxy.hsts, logger: logger, clock: SystemClock.now)
        if store.recovered > 0 {
            logger.notice(
                "requests that were under way were settled",
                metadata: ["count": .stringConvertible(store.recovered)])
        }
        // One is enough to say that somebody should look.
        let (ended, end) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let gateway = Gateway(
            settings: configuration.proxySettings, origin: origin, box: box, books: books,
            sink: JournalSink(journal: journal, logger: logger, ended: end), web: web,
            store: storeHealth, caps: clients.caps)
        let loops = LoopSet(
            group: MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoops), gateway: gateway,
            tls: origin.isTLS ? try UpstreamTLS.context(caFile: configuration.upstream.caFile) : nil,
            connect: .milliseconds(configuration.upstream.connect),
            upstreamKeepAlive: configuration.upstream.keepAlive * .millisecond)
        await loops.onEach { _ in ThreadTurns.short.take() }
        state.begin(loops: loops, gateway: gateway, certificate: certificate)
        await loops.replaceClients(try await clients.loadTable())
        try await models.load()

        let control = ControlRouter.application(
            logger: logger,
            handler: ControlEndpoints(
                keys: keys, clients: clients, users: users, pools: PoolsService(keys),
                accounts: AccountsService(keys), quotas: QuotasService(keys), limits: limits,
                budgets: budgets, models: models, credits: credits,
                usage: usage, reconciliation: ReconciliationService(keys, usage),
                requests: requests,
                operations: operations, events: EventsService(store, bell: bell, clock: SystemClock.now),
                audit: AuditService(store, clock: SystemClock.now),
                clock: SystemClock.now
            ).handler,
            refused: { peer in
                guard case .local(let uid, let gid, let pid) = peer.origin else { return }
                let actor = Actor(uid: uid, gid: gid, pid: pid, role: .viewer)
                store.tally.note(.refusal(.forbidden), by: actor, about: nil)
            })
        let sockets = try await open(
            loops: loops, control: control, activated: activated, lock: locks[0], state: state)
        defer { sockets.file.remove() }

        let (wishes, wish) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let signals = Signals { request in
            switch request {
            case .drain(let signal): stop.end("signal \(signal)")
            case .exitNow(let signal): stop.hurry("signal \(signal), again")
            case .reload: wish.yield()
            }
        }
        defer { withExtendedLifetime(signals) {} }
        let upkeep = Upkeep(
            box: box, store: store, operations: operations, state: state, gateway: gateway, logger: logger)
        let checks = KeyChecks(keys: keys)
        let reload = Reload(
            flags: flags, environment: environment, state: state, operations: operations, models: models,
            output: output, notify: notify, logger: logger)
        let usageChecks = UsageChecks(
            missing: MissingUsage(
                store, books, probe: UpstreamGenerations(state: state), clock: SystemClock.now),
            isWanted: { state.configuration.upstream.fetchUsage })
        let watchdog = Watchdog(notify: notify, state: state, box: box)
        let reloads = Task { await reload.run(wishes) }
        let chores = [
            Task { await upkeep.run() }, Task { await checks.run() }, Task { await watchdog.run() },
            Task { await ModelChecks(models: models).run() },
            Task { await usageChecks.run() },
        ]

        logger.notice(
            "ready",
            metadata: [
                "listeners": .string(state.listeners.joined(separator: " ")),
                "socket": .string(configuration.control.socket),
                "keys": .stringConvertible(box.decide { engine, _ in engine.count }),
                "milliseconds": .stringConvertible(
                    (SystemClock.monotonic() - started.monotonic) / .millisecond),
            ])
        if let certificate {
            logger.notice(
                "the data port speaks TLS", metadata: ["expires": .string(certificate.expires.rfc3339)])
        }
        if configuration.proxy.auth == .open { logger.warning("open mode: callers need no client key") }
        await operations.recordStart(doors: configuration.doors)
        store.journal.keep(.daemon("started", "orkd \(API.release)", at: SystemClock.now().wall))
        notify.ready(status: state.readyText)

        let reason = await stop.wait()
        reloads.cancel()
        logger.notice("stopping", metadata: ["reason": .string(reason.text)])
        store.journal.keep(.daemon("stopping", reason.text, at: SystemClock.now().wall))
        notify.stopping(status: "draining")
        await Drain(
            gateway: gateway, loops: loops, data: sockets.data, stop: stop, notify: notify, ended: ended
        ).run()
        for chore in chores { chore.cancel() }
        try? await sockets.control.close()
        await loops.shutDown()
        upkeep.keepFacts()
        await upkeep.tellFailures(early: true)
        await upkeep.tellVisits()
        await upkeep.tellTally()
        logger.notice("stopped")
        if let failure = reason.failure { throw CodedError(failure, reason.text) }
    }

    private func prepareDirectories() throws {
        try OwnDirectory.check(ServerPaths.directory(of: configuration.control.socket), group: adminGroup)
        if configuration.state.mode == .file { try OwnDirectory.check(configuration.state.directory) }
    }

    private var adminGroup: gid_t? { SystemGroups.id(of: configuration.control.adminGroup) }

    private func openStore(
        conditions: Conditions, bell: EventBell, health: StoreHealth, stop: StopSignal, state: DaemonState,
        logger: Logger, at now: Now
    ) throws -> Store {
        let isMemory = configuration.state.mode == .memory
        let observer = Journal.Observer(
            onCondition: { code, holds in
                // What is only in memory needs no disk.
                if code == .storageUnavailable, !isMemory { health.report(writable: !holds) }
                conditions.report(code, holds, at: SystemClock.now())
                logger.log(
                    level: holds ? .error : .notice, "\(code.entry.title)\(holds ? "" : ": over")",
                    metadata: ["code": .string(code.rawValue)])
            },
            onEvents: { bell.ring() },
            onLostSync: { stop.end("a sync of the database failed", with: .storageUnavailable) },
            onPosted: { state.loops?.posted($0) },
            onPostsDelayed: { state.loops?.postsDelayed() },
            onBrokenDisk: { state.loops?.diskBroke() },
            onContradiction: { posting in
                logger.critical(
                    "a line contradicts the ledger and was left out",
                    metadata: ["line": .string(String(describing: posting))])
            })
        let place: Store.Place =
            isMemory ? .memory : .file(configuration.databaseFile)
        let location = configuration.masterKey
        return try Store(place, at: now.wall, observer: observer) { mayCreate in
            try MasterKey.find(
                credential: location.credential, file: isMemory ? nil : location.file,
                variable: location.variable,
                mayCreate: mayCreate)
        }
    }

    private struct Sockets {
        var file: ControlSocketFile
        var control: any Channel
        var data: [any Channel]
    }

    private func open(
        loops: LoopSet, control: Application, activated: ListenFDs, lock: LockFile, state: DaemonState
    ) async throws -> Sockets {
        let file =
            if let descriptor = activated["control"].first {
                ControlSocketFile(activated: descriptor, path: configuration.control.socket)
            } else {
                try ControlSocketFile(binding: configuration.control.socket, group: adminGroup, under: lock)
            }
        let listener = Listener(loops: loops, certificate: state.certificate)
        let roles = RoleRule(
            adminGroup: configuration.control.adminGroup, viewerGroup: configuration.control.viewerGroup)
        let channel = try await listener.openControl(boundSocket: file.descriptor, application: control) {
            peer in
            let credentials = PeerCredentials(uid: peer.uid, gid: peer.gid, pid: peer.pid)
            return .local(uid: peer.uid, gid: peer.gid, pid: peer.pid, role: roles.role(of: credentials))
        }
        var data: [any Channel] = []
        do {
            for address in configuration.proxy.listen {
                data.append(try await listener.open(host: address.host, port: address.port))
            }
        } catch {
            file.remove()
            throw error
        }
        state.bound(data.compactMap { $0.localAddress.map(Self.text) })
        return Sockets(file: file, control: channel, data: data)
    }

    private static func text(_ address: SocketAddress) -> String {
        let host = address.ipAddress ?? "?"
        return "\(host.contains(":") ? "[\(host)]" : host):\(address.port ?? 0)"
    }
}
