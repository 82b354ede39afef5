import Foundation
import GRDB
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("operations")
struct OperationsServiceTests {
    private let fixture: ServiceFixture
    private let box: EngineBox
    private let conditions = Conditions()
    private let daemon = StandInDaemon()
    private let poolNames = PoolNames()

    init() throws {
        let fixture = try ServiceFixture()
        self.fixture = fixture
        box = EngineBox(Engine(settings: EngineSettings()), seed: 1) {
            fixture.store.journal.carryOut($0, of: $1)
        }
    }

    private func service(_ retention: Retention = Retention(), on fixture: ServiceFixture? = nil)
        -> OperationsService
    {
        let fixture = fixture ?? self.fixture
        let clock = fixture.clock
        return OperationsService(
            fixture.store, box: box, clients: fixture.clients, conditions: conditions, facts: daemon,
            controls: daemon.controls, retention: retention, poolNames: poolNames, clock: { clock.now })
    }

    private func addKey(
        _ id: Int64, facts: KeyFacts = KeyFacts(), enabled: Bool = true, pool: PoolID = .first
    ) {
        let now = fixture.clock.now
        _ = box.decide { engine, _ in
            engine.apply(
                .add([
                    KeyRecord(
                        id: KeyID(id), secret: Secret("sk-\(id)".utf8), provider: "openrouter", account: nil,
                        weight: 1,
                        enabled: enabled, facts: facts, pool: pool)
                ]), at: now)
        }
    }

    private func resting(for milliseconds: Int64) -> KeyFacts {
        let now = fixture.clock.now.wall
        var facts = KeyFacts()
        facts.rests = [
            Rest(
                scope: .key, model: nil, cause: .rateLimited,
                until: now.advanced(byMilliseconds: milliseconds),
                since: now, stated: true, guesses: 0, rule: "429-retry-after", evidence: "Retry-After: 60")
        ]
        return facts
    }

    @Test(
        "an empty daemon is degraded, says both what is missing, and is serving once both are there [HL-08]")
    func firstRun() async throws {
        var status = try await service().status()
        #expect(status.serving == "not-serving")
        #expect(status.conditions.map(\.code) == [.noUpstreamKey, .noClient])
        #expect(status.keys.byState.count == KeyState.allCases.count)
        #expect(try await service().health().status == "degraded")
        addKey(1)
        _ = try await fixture.clients.add(ClientAdd(name: "web"), .real)
        status = try await service().status()
        #expect(status.serving == "serving")
        #expect(status.conditions.isEmpty)
        #expect(status.store.path == "memory")
        #expect(status.store.synchronous == 2)
        #expect(status.clients.usable == 1)
        #expect(try await service().health().status == "healthy")
    }

    @Test("a pool that rests says so and until when; one that was disabled does not pretend to come back")
    func pool() async throws {
        addKey(1, facts: resting(for: 60_000))
        let resting = try await service().status().conditions.first
        #expect(resting?.code != .noUpstreamKey)
        #expect(resting?.text.contains("1 resting") == true)
        #expect(resting?.text.contains("1m") == true)
        fixture.clock.advance(milliseconds: 60_000)
        #expect(try await service().status().serving == "serving")
    }

    @Test("only disabled keys: no upstream key")
    func disabledPool() async throws {
        addKey(1, enabled: false)
        let condition = try await service().status().conditions.first
        #expect(condition?.code == .noUpstreamKey)
        #expect(condition?.text == "none of 1 keys is usable: 1 disabled")
    }

    @Test("storage trouble is down, draining is degraded, a warning alone is healthy")
    func health() async throws {
        addKey(1)
        #expect(try await service().health().status == "healthy")
        daemon.isDraining = true
        #expect(try await service().health().status == "degraded")
        #expect(try await service().status().serving == "draining")
        daemon.isDraining = false
        conditions.report(.storageUnavailable, true, at: fixture.clock.now)
        #expect(try await service().health().status == "down")
        #expect(try await service().status().serving == "not-serving")
    }

    @Test("a pool at its floor is named after three seconds, warns, and is not named when it has recovered")
    func floor() async throws {
        addKey(9)
        _ = try await fixture.clients.add(ClientAdd(name: "web"), .real)
        let pool = PoolRow(
            id: PoolID(1), name: "team", strategy: nil, floorShare: nil, fallback: nil, note: nil,
            addedAt: fixture.clock.now.wall, version: 1)
        poolNames.adopt([pool])
        _ = box.decide { [now = fixture.clock.now] engine, _ in engine.apply(.pool(pool.record), at: now) }
        var facts = KeyFacts()
        facts.suspectSince = fixture.clock.now.wall
        for id in 1...4 { addKey(Int64(id), facts: facts, pool: pool.id) }
        #expect(try await service().status().conditions.isEmpty)
        fixture.clock.advance(milliseconds: 3000)
        let status = try await service().status()
        #expect(status.conditions.map(\.code) == [.poolFloorReached])
        #expect(status.conditions.map(\.severity) == ["warning"])
        #expect(
            status.conditions.first?.text == "pool “team” is at its floor: 2 of 4 keys out, 2 more doubted")
        #expect(status.serving == "serving")
        let health = try await service().health()
        #expect(health.status == "healthy" && health.conditions.map(\.code) == [.poolFloorReached])
        _ = box.decide { [now = fixture.clock.now] engine, _ in
            engine.checked(KeyID(1), valid: true, at: now) + engine.checked(KeyID(2), valid: true, at: now)
        }
        #expect(try await service().status().conditions.isEmpty)
    }

    @Test("open mode is shown instead of a missing client")
    func openMode() async throws {
        addKey(1)
        daemon.isOpen = true
        let status = try await service().status()
        #expect(status.auth == "open")
        #expect(status.conditions.map(\.code) == [.openMode])
    }

    @Test("a strategy set at run time is in force, stored, shown, audited, and survives a restart [RT-16]")
    func strategy() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "ork-operations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = Store.Place.file(directory.appending(path: "orkd.db").path)
        let first = try ServiceFixture(file)
        var request = ConfigSet()
        await #expect(throws: CodedError.self) { _ = try await service(on: first).set(ConfigSet(), .real) }
        request.strategy = .weighted
        #expect(try await service(on: first).set(request, .trial).items.first?.changed == true)
        #expect(try await service(on: first).loadStrategy() == nil)
        #expect(try await service(on: first).settings().map(\.source) == ["default", "default"])
        #expect(try await service(on: first).set(request, .real).items.first?.outcome == "changed")
        #expect(try await service(on: first).set(request, .real).items.first?.outcome == "unchanged")
        #expect(box.decide { engine, _ in engine.strategy } == .weighted)
        #expect(try await first.audit() == ["config.set pool.strategy"])
        first.store.close()
        let second = try ServiceFixture(file)
        #expect(try await service(on: second).loadStrategy() == .weighted)
        let shown = try await service(on: second).settings().first { $0.name == "pool.strategy" }
        #expect(shown?.value == "weighted" && shown?.source == "stored")
        second.store.close()
    }

    @Test("a configuration that was read again is in force, audited, and leaves a strategy set at run time")
    func adopted() async throws {
        let operations = service(Retention(requestDays: 1))
        addKey(1)
        var settings = EngineSettings()
        settings.strategy = .lru
        settings.maxRetries = 7
        settings.provider = "nobody"
        let kept = try await operations.adopt(
            settings, Retention(requestDays: 2), before: ["pool.attempts": "3"], after: ["pool.attempts": "7"]
        )
        #expect(kept.isEmpty)
        #expect(box.decide { engine, _ in engine.settings.maxRetries } == 7)
        #expect(box.decide { engine, _ in engine.strategy } == .lru)
        #expect(box.decide { engine, _ in engine.settings.provider } == "openrouter")
        #expect(try await fixture.audit() == ["config.reload configuration"])

        var chosen = ConfigSet()
        chosen.strategy = .weighted
        _ = try await operations.set(chosen, .real)
        #expect(
            try await operations.adopt(settings, Retention(requestDays: 2), before: [:], after: [:])
                == ["pool.strategy"])
        #expect(box.decide { engine, _ in engine.strategy } == .weighted)

        fixture.store.journal.submit(RecordBatch([.sample(1, at: fixture.clock.now.wall.milliseconds)]))
        try await fixture.store.transact { _ in }
        fixture.clock.advance(milliseconds: 36 * 3_600_000)
        #expect(
            try await operations.cleanup(classes: ["request-records"], .real).classes["request-records"] == 0)
    }

    @Test("a configuration that cannot be recorded is not taken over")
    func notRecorded() async throws {
        try await fixture.store.transact {
            try $0.execute(
                sql: "CREATE TEMP TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
        }
        var settings = EngineSettings()
        settings.maxRetries = 7
        await #expect(throws: CodedError.self) {
            _ = try await service().adopt(settings, Retention(), before: [:], after: [:])
        }
        #expect(box.decide { engine, _ in engine.settings.maxRetries } == 2)
    }

    @Test("what is wrong is looked at when it is asked for, not only when an operator asks")
    func present() async throws {
        #expect(await service().present().map(\.code) == [.noUpstreamKey, .noClient])
        addKey(1)
        #expect(await service().present().map(\.code) == [.noClient])
    }

    @Test("drain and resume reach the daemon and the audit trail; a dry run reaches neither")
    func drain() async throws {
        _ = try await service().drain(.trial)
        #expect(!daemon.isDraining)
        #expect(try await service().drain(.real).draining)
        #expect(daemon.isDraining)
        #expect(try await !service().resume(.real).draining)
        #expect(!daemon.isDraining)
        #expect(try await fixture.audit() == ["daemon.drain daemon", "daemon.resume daemon"])
    }

    @Test("version names the API and the SQLite that runs")
    func version() async throws {
        let version = try await service().version()
        #expect(version.api == API.version)
        #expect(version.sqlite.hasPrefix("3."))
    }

    @Test(
        "cleanup counts every class, a dry run the same, and a second pass finds nothing [CL-01] [CL-02] [CL-03]"
    )
    func cleanup() async throws {
        let clock = fixture.clock
        let old = clock.now.wall
        let journal = fixture.store.journal
        addKey(1, facts: resting(for: 60_000))
        for i in 0..<10 {
            journal.submit(RecordBatch([.sample(UInt64(i), at: old.milliseconds + Int64(i) * 10_000)]))
            journal.keep(
                Transition(
                    key: KeyID(1), at: old, from: .usable, to: .resting, trigger: "x", evidence: nil,
                    until: nil))
        }
        var rotate = ClientRotate(select: ["web"])
        rotate.grace = "1h"
        _ = try await fixture.clients.add(ClientAdd(name: "web"), .real)
        _ = try await fixture.clients.add(ClientAdd(name: "gone"), .real)
        _ = try await fixture.clients.rotate(rotate, .real)
        _ = try await fixture.clients.remove(Selection("gone"), .real)
        clock.advance(days: 500)
        journal.submit(RecordBatch([.sample(99, at: clock.now.wall.milliseconds)]))

        let expected = [
            "request-records": 10, "key-history": 10, "audit": 4, "client-graces": 1, "tombstones": 1,
        ]
        for order in [Order.trial, .real] {
            let report = try await service().cleanup(classes: [], order)
            #expect(Set(report.classes.keys) == Set(CleanupClass.allCases.map(\.rawValue)))
            for (name, count) in expected { #expect(report.classes[name] == count, "\(name)") }
            #expect((report.classes["expired-rests"] ?? 0) > 0)
            #expect(report.dryRun == order.dryRun)
        }
        #expect(try await fixture.audit() == ["cleanup store"])
        #expect(fixture.table.entries.count == 1)
        let again = try await service().cleanup(classes: [], .real)
        #expect(again.classes.filter { $0.key != "store-pages" }.values.allSatisfy { $0 == 0 })
        #expect(try await fixture.requests.list(RequestQuery()).items.count == 1)
        #expect(try await service().status().keys.byState["usable"] == 1)
    }

    @Test("cleanup of one class leaves the others alone, and an unknown class is refused by name")
    func cleanupClass() async throws {
        fixture.store.journal.submit(RecordBatch([.sample(1, at: fixture.clock.now.wall.milliseconds)]))
        _ = try await fixture.clients.add(ClientAdd(name: "web"), .real)
        fixture.clock.advance(days: 500)
        let report = try await service().cleanup(classes: ["audit"], .real)
        #expect(report.classes["audit"] == 1)
        #expect(report.classes["request-records"] == 0)
        #expect(try await fixture.requests.list(RequestQuery()).items.count == 1)
        await #expect(throws: CodedError.self) {
            _ = try await service().cleanup(classes: ["everything"], .real)
        }
    }

    @Test("request records are kept up to a size, the newest of them")
    func recordSize() async throws {
        let start = fixture.clock.now.wall.milliseconds
        for i in 0..<40 {
            fixture.store.journal.submit(RecordBatch([.sample(UInt64(i), at: start + Int64(i) * 10_000)]))
            try await fixture.store.transact { _ in }
        }
        let bytes = try await fixture.store.read {
            try Int64.fetchOne($0, sql: "SELECT sum(length(body)) FROM request_batch") ?? 0
        }
        let retention = Retention(requestBytes: bytes / 4)
        #expect(
            try await service(retention).cleanup(classes: ["request-records"], .trial).classes[
                "request-records"] == 30)
        #expect(
            try await service(retention).cleanup(classes: ["request-records"], .real).classes[
                "request-records"] == 30)
        let left = try await fixture.requests.list(RequestQuery()).items
        #expect(left.count == 10)
        #expect(left.first?.startedAt == WallTime(milliseconds: start + 390_000).rfc3339)
    }

    @Test("records and changes of state are kept up to a number, beside their age; 0 is none [PO-08] [PO-09]")
    func number() async throws {
        let start = fixture.clock.now.wall
        let journal = fixture.store.journal
        // The old ones go by age; the others lie in one row.
        for i in 0..<5 { journal.submit(RecordBatch([.sample(UInt64(i), at: start.milliseconds)])) }
        fixture.clock.advance(days: 60)
        let recent = fixture.clock.now.wall
        journal.submit(RecordBatch((0..<20).map { .sample($0, at: recent.milliseconds) }))
        for i in 0..<20 {
            journal.keep(
                Transition(
                    key: KeyID(Int64(i % 2)), at: recent, from: .usable, to: .resting, trigger: "t\(i)",
                    evidence: nil, until: nil))
        }
        try await fixture.store.transact { _ in }
        let none = try await service().cleanup(classes: ["key-history"], .trial)
        #expect(none.classes["key-history"] == 0)
        let retention = Retention(requestCount: 10, transitionCount: 6)
        for order in [Order.trial, .real] {
            let classes = try await service(retention).cleanup(classes: [], order).classes
            #expect(classes["request-records"] == 15)
            #expect(classes["key-history"] == 14)
        }
        let left = try await fixture.requests.list(RequestQuery()).items.map(\.id)
        let ids = (10..<20).map { RequestRecord.sample($0, at: recent.milliseconds).id.description }
        #expect(left == ids.reversed())
        let triggers = try await fixture.store.read { db in
            try [0, 1].flatMap { key in
                try KeyTransitionTable.history(of: KeyID(key), before: .max, limit: 100, db)
                    .map(\.transition.trigger)
            }
        }
        #expect(triggers == ["t18", "t16", "t14", "t19", "t17", "t15"])
        let again = try await service(retention).cleanup(classes: [], .real).classes
        #expect(again["request-records"] == 0 && again["key-history"] == 0)
    }

    @Test("pages that hold nothing go back to the file system")
    func pages() async throws {
        let start = fixture.clock.now.wall.milliseconds
        fixture.store.journal.submit(
            RecordBatch((0..<4000).map { .sample(UInt64($0), at: start + Int64($0) * 10_000) }))
        try await fixture.store.transact { _ in }
        let before = try fixture.store.condition().bytes
        fixture.clock.advance(days: 40)
        let report = try await service().cleanup(classes: [], .real)
        #expect(report.classes["request-records"] == 4000)
        #expect((report.classes["store-pages"] ?? 0) > 50)
        #expect(try await fixture.store.read { try FreePages.count($0) } == 0)
        #expect(try fixture.store.condition().bytes < before)
    }
}

/// What the running daemon would say.
private final class StandInDaemon: DaemonFacts {
    private let state = Mutex((draining: false, open: false))

    var isDraining: Bool {
        get { state.withLock { $0.draining } }
        set { state.withLock { $0.draining = newValue } }
    }
    var isOpen: Bool {
        get { state.withLock { $0.open } }
        set { state.withLock { $0.open = newValue } }
    }
    var pid: Int32 { 1 }
    var uptimeSeconds: Double { 12 }
    var listeners: [String] { ["127.0.0.1:8080"] }
    var socket: String { "/run/orkd/orkd.sock" }
    var certificateExpires: WallTime? { nil }
    var shortage: String? { nil }
    var upstream: String { "https://openrouter.ai/api/v1" }
    var memoryBytes: Int64 { 20 << 20 }
    var traffic: StatusReport.Traffic {
        .init(requests: 3, failed: 1, inFlight: 2, streams: 1, perSecond: 0.5, retries: 0, recordsDropped: 0)
    }

    var controls: DaemonControls {
        DaemonControls(
            settings: {
                ["pool.strategy", "pool.attempts"].map {
                    SettingView(name: $0, value: "x", source: "default", changeable: true)
                }
            },
            check: { _ in [] },
            drain: { [self] draining in
                isDraining = draining
                return DrainReport(draining: draining, inFlight: 0)
            })
    }
}
