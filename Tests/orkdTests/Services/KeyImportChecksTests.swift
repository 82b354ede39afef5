import GRDB
import NIOCore
import ORKit
import Testing

@testable import orkd

@Suite("bulk import that asks the upstream")
struct KeyImportChecksTests {
    private let fixture: KeysFixture
    private static let checking = ImportOptions(check: true)

    init() throws { fixture = try KeysFixture() }

    private func load(
        _ lines: [String], _ options: ImportOptions = Self.checking, _ order: Order = .real,
        with keys: KeysService? = nil
    ) async throws -> ImportReport {
        let session = try await (keys ?? fixture.keys).beginImport(options, order)
        do {
            _ = try await session.take(ByteBuffer(string: lines.joined(separator: "\n")))
            return try await session.finish().report
        } catch {
            await session.abandon()
            throw error
        }
    }

    private func keys(_ numbers: some Sequence<Int>) -> [String] { numbers.map(KeysFixture.secret) }

    private func answer(_ number: Int, _ change: (inout KeyInfo) -> Void) {
        var info = KeyInfo()
        change(&info)
        fixture.upstream.answer(number, .valid(info))
    }

    private func time(_ milliseconds: Int64) -> String {
        fixture.clock.now.wall.advanced(byMilliseconds: milliseconds).rfc3339
    }

    private func told(_ key: KeyView) async throws -> UpstreamQuota? {
        try await fixture.store.read { try UpstreamQuotaTable.get(key.id, $0) }
    }

    @Test("every key is in its class, refused keys under their own code and line, in the order of the file")
    func classes() async throws {
        defer { fixture.store.close() }
        answer(1) { $0.account = "user_a" }
        answer(2) {
            $0.account = "user_a"
            $0.freeTier = true
        }
        answer(3) {
            $0.account = "user_b"
            $0.report.hasKeyLimitLeft = false
        }
        answer(4) { $0.expiresAt = time(86_400_000) }
        answer(5) { $0.expiresAt = time(-1) }
        answer(6) { $0.isManagement = true }
        fixture.upstream.answer(7, .rejected(status: 401, message: "canary"))
        fixture.upstream.answer(8, .unreachable(reason: "canary"))
        fixture.upstream.answer(9, .limited)
        let report = try await load(keys(1...9) + keys([1]))
        var wanted = ImportChecks()
        (wanted.valid, wanted.accounts) = (4, 2)
        (wanted.freeTier, wanted.spent, wanted.expiring) = (1, 1, 1)
        (wanted.limited, wanted.expired, wanted.management) = (1, 1, 1)
        (wanted.rejected, wanted.unreachable, wanted.duplicates) = (1, 1, 1)
        #expect(report.checks == wanted)
        #expect(report.counts.added == 5)
        let refused = report.rejections
        #expect(refused.map(\.line) == [5, 6, 7, 8, 10])
        #expect(
            refused.map(\.code) == [.keyExpired, .managementKey, .keyRejected, .keyUnchecked, .duplicate])
        #expect(refused.first?.message == "the key expired at \(time(-1))")
        #expect(refused.allSatisfy { !$0.message.contains("canary") })
    }

    @Test("nothing is said of classes when nobody was asked")
    func silent() async throws {
        defer { fixture.store.close() }
        #expect(try await load(keys(1...2), ImportOptions()).checks == nil)
        #expect(fixture.upstream.asked == 0)
    }

    @Test("an imported key knows of the upstream what an added one does")
    func learnt() async throws {
        defer { fixture.store.close() }
        for number in 1...2 {
            answer(number) {
                $0.account = "user_a"
                $0.limit = Money(pico: 5_000_000_000_000)
                $0.limitRemaining = Money(pico: 1_000_000_000_000)
                $0.limitReset = .daily
                $0.free = UpstreamQuota.Free(limit: 50, used: 1, left: 49)
            }
        }
        let added = try #require(try await fixture.add("added", 1).items.first?.item)
        _ = try await load(["imported,\(KeysFixture.secret(2))"])
        let imported = try #require(try await fixture.view("imported"))
        #expect(imported.account == "user_a" && imported.checked)
        #expect(try await told(imported) == told(added))
        #expect(try await told(imported)?.limit == Money(pico: 5_000_000_000_000))
        let rows = try await fixture.store.read { db in
            try [added, imported].map { try KeyTable.row(db, id: $0.id) }
        }
        #expect(rows.map { $0?.isAccountLearnt } == [true, true])
    }

    @Test("whoever was asked about in the import has its turn on the schedule when one that was added has")
    func schedule() async throws {
        fixture.store.close()
        let hour: Int64 = 3_600_000
        var settings = EngineSettings()
        settings.reportEvery = 6 * hour
        let fixture = try KeysFixture(settings: settings)
        defer { fixture.store.close() }
        let session = try await fixture.keys.beginImport(Self.checking, .real)
        _ = try await session.take(ByteBuffer(string: keys(1...40).joined(separator: "\n")))
        #expect(try await session.finish().report.counts.added == 40)
        func due() -> Int {
            let now = fixture.clock.now
            return fixture.box.decide { engine, _ in engine.roundsDue(at: now, limit: 99) }.count
        }
        fixture.clock.advance(milliseconds: 3 * hour - 1)
        #expect(due() == 0)
        fixture.clock.advance(milliseconds: 3 * hour + 1)
        #expect(due() == 40)
    }

    @Test("what a line or the options say of the account stays; of others the upstream's word is kept")
    func statedAccount() async throws {
        defer { fixture.store.close() }
        for number in 1...3 { answer(number) { $0.account = "user_a" } }
        let table = ["name,secret,account", "a,\(KeysFixture.secret(1)),core", "b,\(KeysFixture.secret(2)),"]
        _ = try await load(table)
        #expect(try await fixture.view("a")?.account == "core")
        #expect(try await fixture.view("b")?.account == "user_a")
        _ = try await load(["c,\(KeysFixture.secret(3))"], ImportOptions(account: "mine", check: true))
        #expect(try await fixture.view("c")?.account == "mine")
    }

    @Test("keys that are there are not asked about; one that comes back is, and learns")
    func known() async throws {
        defer { fixture.store.close() }
        for number in 1...2 { fixture.upstream.answer(number, .unreachable(reason: "down")) }
        try await fixture.add("in", 1)
        try await fixture.add("out", 2)
        _ = try await fixture.keys.disable(Selection("out"), .real)
        for number in 1...3 { answer(number) { $0.account = "user_a" } }
        let before = fixture.upstream.asked
        let plain = try await load(keys(1...3))
        #expect(fixture.upstream.asked == before + 1)
        #expect(plain.counts.duplicates == 2 && plain.checks?.duplicates == 2 && plain.checks?.valid == 1)
        let back = try await load(keys(1...3), ImportOptions(reactivate: true, check: true))
        #expect(fixture.upstream.asked == before + 2)
        #expect(back.counts.reactivated == 1)
        let out = try #require(try await fixture.view("out"))
        #expect(out.account == "user_a" && out.checked && out.state == .usable)
        #expect(try await told(out) != nil)
        #expect(try await fixture.view("in")?.account == nil)
    }

    @Test("a dry run asks and counts the same, and keeps nothing")
    func dryRun() async throws {
        defer { fixture.store.close() }
        answer(2) { $0.isManagement = true }
        let trial = try await load(keys(1...3), Self.checking, .trial)
        #expect(try await fixture.names().isEmpty)
        #expect(
            try await fixture.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM upstream_quota") }
                == 0)
        let real = try await load(keys(1...3))
        #expect(real.counts == trial.counts && real.checks == trial.checks)
        #expect(real.counts.added == 2)
    }

    @Test("so many questions at once and no more; the next begins as soon as any one is answered")
    func window() async throws {
        defer { fixture.store.close() }
        let (probe, clock) = (HeldProbe(), fixture.clock)
        let service = KeysService(fixture.store, fixture.box, probe: probe, clock: { clock.now })
        let count = 4 * KeyImport.probesAtOnce
        async let report = load(keys(1...count), with: service)
        await probe.begins(KeyImport.probesAtOnce)
        // The first of them waits on: the window moves past it.
        for more in 1...KeyImport.probesAtOnce {
            probe.answerOne()
            await probe.begins(KeyImport.probesAtOnce + more)
        }
        probe.open()
        #expect(try await report.counts.added == count)
        #expect(probe.begun == count)
        #expect(probe.peak == KeyImport.probesAtOnce)
    }

    @Test("an import that is given up asks nothing more and adds nothing of what it asked about")
    func cancelled() async throws {
        defer { fixture.store.close() }
        let (probe, clock) = (HeldProbe(), fixture.clock)
        let service = KeysService(fixture.store, fixture.box, probe: probe, clock: { clock.now })
        let task = Task { try await load(keys(1...40), with: service) }
        await probe.begins(KeyImport.probesAtOnce)
        task.cancel()
        probe.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(probe.begun == KeyImport.probesAtOnce)
        #expect(try await fixture.names().isEmpty)
    }

    @Test("the keys come into the pool that is named; one that is not there is told before the first byte")
    func pool() async throws {
        defer { fixture.store.close() }
        let pools = PoolsService(fixture.keys)
        _ = try await pools.add(PoolAdd(name: "free"), .real)
        let unknown = ImportOptions(pool: "nosuch")
        #expect(
            await fixture.code { _ = try await fixture.keys.beginImport(unknown, .real) } == .poolNotFound)
        _ = try await load(keys(1...2), ImportOptions(pool: "free"))
        #expect(Set(try await fixture.keys.list(KeyQuery()).items.map(\.pool)) == ["free"])
        let free = try #require(try fixture.store.loadKeys().map(\.pool).first)
        let now = fixture.clock.now
        let isLeased = fixture.box.decide { engine, rng in
            if case .lease = engine.begin(
                Ask(client: .anonymous, model: "v/m", pool: free), at: now, using: &rng)
            {
                true
            } else {
                false
            }
        }
        #expect(free != .first && isLeased)
    }

    @Test("a pool that is removed while the import is under way ends it")
    func poolRemoved() async throws {
        defer { fixture.store.close() }
        let pools = PoolsService(fixture.keys)
        _ = try await pools.add(PoolAdd(name: "free"), .real)
        let session = try await fixture.keys.beginImport(ImportOptions(pool: "free"), .real)
        _ = try await session.take(ByteBuffer(string: KeysFixture.secret(1)))
        _ = try await pools.remove(Selection("free"), .real)
        #expect(await fixture.code { _ = try await session.finish() } == .poolNotFound)
        await session.abandon()
        #expect(try await fixture.names().isEmpty)
    }
}
