import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("limits of clients: what operators do")
struct LimitsServiceTests {
    /// A daemon's parts, over a database that outlives it.
    private struct Daemon {
        let store: Store
        let box: EngineBox
        let clients: ClientsService
        let limits: LimitsService

        /// - Parameter stirs: false where nothing is written but what lines of the
        ///   ledger take along.
        init(
            _ files: StoreFixture, _ clock: HandClock, observer: Journal.Observer = .init(),
            stirs: Bool = true
        ) throws {
            let store = try files.open(observer: observer)
            let box = EngineBox(
                Engine(settings: EngineSettings()), seed: 1,
                onLimitNews: { if stirs { store.journal.stirLimits() } }, keep: { _, _ in })
            store.journal.watchLimits { box.takeLimitNews(isWhole: $0, at: clock.now) }
            self.store = store
            self.box = box
            clients = ClientsService(store, clock: { clock.now }, changed: { _ in })
            limits = LimitsService(store, box, clock: { clock.now })
            try limits.load()
        }

        func set(
            _ names: [String], _ numbers: [LimitKind: ClearableCount], _ order: Order = .real
        ) async throws -> Changes<LimitView> {
            var request = LimitSet(select: names)
            request.numbers = numbers
            return try await limits.set(request, order)
        }

        func used(_ name: String) async throws -> [Int64] {
            try await limits.list([name]).items.first?.limits.map(\.used) ?? []
        }

        /// How many of so many are admitted; what is admitted goes on.
        func ask(_ times: Int, _ client: ClientID, at now: Now) -> Int {
            (0..<times).reduce(0) { count, _ in
                var lease: LimitLease?
                let ask = Ask(client: client, model: nil, pool: .first)
                let beginning = box.begin(ask, of: .house, tokens: 10, lease: &lease, at: now)
                guard case .begun = beginning.decision else { return count }
                return count + 1
            }
        }
    }

    private let files: StoreFixture
    private let clock = HandClock()

    init() throws { files = try StoreFixture() }

    private func add(_ name: String, _ daemon: Daemon) async throws -> ClientID {
        let added = try await daemon.clients.add(ClientAdd(name: name), .real)
        return try #require(added.items.first).item.id
    }

    @Test("a limit is on disk, in force and in the audit trail, and again unchanged")
    func set() async throws {
        let daemon = try Daemon(files, clock)
        defer { daemon.store.close() }
        let client = try await add("web", daemon)
        let numbers: [LimitKind: ClearableCount] = [
            .requestsPerMinute: .value(3), .tokensPerDay: .value(1000),
        ]
        let set = try await daemon.set(["web"], numbers)
        #expect(set.items.map(\.outcome) == ["changed"])
        let view = try #require(set.items.first).item
        #expect(view.limits.map(\.name) == ["requests_per_minute", "tokens_per_day"])
        #expect(view.version == 1 && view.subject == "client" && view.id == client.raw)
        #expect(try await daemon.set(["web"], numbers).items.map(\.outcome) == ["unchanged"])
        #expect(daemon.ask(5, client, at: clock.now) == 3)
        #expect(try await daemon.used("web") == [3, 30])
        let audit = try await daemon.store.read {
            try Row.fetchAll($0, sql: "SELECT verb, after FROM audit WHERE verb LIKE 'limits%'").map {
                "\($0.text(0)) \($0.text(1))"
            }
        }
        #expect(
            audit == [
                #"limits.set {"requests_per_minute":3,"shadow":false,"tokens_per_day":1000,"version":1}"#
            ])
    }

    @Test("a dry run and a refused change leave everything as it was")
    func refusals() async throws {
        let daemon = try Daemon(files, clock)
        defer { daemon.store.close() }
        let client = try await add("web", daemon)
        #expect(try await daemon.set(["web"], [.requestsPerMinute: .value(1)], .trial).items[0].changed)
        for numbers in [
            [LimitKind.burst: ClearableCount.value(0)], [.burst: .value(-4)], [.burst: .value(.max)],
        ] {
            await #expect(throws: CodedError.self) { _ = try await daemon.set(["web"], numbers) }
        }
        let lost = Self.lost
        await #expect(throws: CodedError.self) { _ = try await daemon.limits.set(lost, .real) }
        await #expect(throws: CodedError.self) { _ = try await daemon.set(["nobody"], [.burst: .value(3)]) }
        #expect(daemon.ask(5, client, at: clock.now) == 5)
        #expect(try await daemon.limits.list(["web"]).items.first?.version == 0)
    }

    private static let lost: LimitSet = {
        var lost = LimitSet(select: ["web"])
        (lost.shadow, lost.ifVersion) = (true, 4)
        return lost
    }()

    @Test("what was used is on disk with the next commit, and a start begins with it")
    func kept() async throws {
        let first = try Daemon(files, clock)
        let client = try await add("web", first)
        _ = try await first.set(["web"], [.requestsPerMinute: .value(5), .requestsPerDay: .value(8)])
        #expect(first.ask(3, client, at: clock.now) == 3)
        first.store.close()
        clock.advance(milliseconds: 20_000)
        let second = try Daemon(files, clock)
        #expect(second.ask(9, client, at: clock.now) == 2)
        second.store.close()
        clock.advance(milliseconds: 62_000)
        let third = try Daemon(files, clock)
        defer { third.store.close() }
        #expect(third.ask(9, client, at: clock.now) == 3)
        #expect(try await third.used("web") == [3, 8])
    }

    @Test(
        "what was counted since all of it was written comes back from the rows of the ledger, and once only")
    func rows() async throws {
        let posted = AsyncStream<UInt64>.makeStream()
        let daemon = try Daemon(
            files, clock,
            observer: .init(onPosted: { posted.continuation.yield($0.values.max() ?? 0) }), stirs: false)
        let client = try await add("web", daemon)
        _ = try await daemon.set(["web"], [.requestsPerMinute: .value(9), .tokensPerDay: .value(1000)])
        for number in 1...3 as ClosedRange<UInt64> {
            #expect(daemon.ask(2, client, at: clock.now) == 2)
            let line = Reservation(
                request: RequestID(raw: number), user: .house, client: client, credits: 0)
            daemon.store.journal.post([.reserve(line)], of: 0, through: number)
            for await ticket in posted.stream where ticket == number { break }
        }
        let rows = try await daemon.store.read { try LimitUseTable.rows($0).flatMap(\.row.changes) }
        // All of it was written with the first commit.
        let each = LimitIncrement.Change(subject: .client(client), requests: 2, tokens: 20)
        #expect(rows == [each, each])
        daemon.store.close()
        for _ in 1...2 {
            let next = try Daemon(files, clock)
            #expect(try await next.used("web") == [6, 60])
            next.store.close()
        }
        let last = try Daemon(files, clock)
        defer { last.store.close() }
        #expect(last.ask(5, client, at: clock.now) == 3)
    }

    @Test("a clear takes what was used with it, also from the disk; so does the client's end")
    func cleared() async throws {
        let daemon = try Daemon(files, clock)
        let client = try await add("web", daemon)
        for verb in ["clear", "remove"] {
            _ = try await daemon.set(["web"], [.requestsPerMinute: .value(2)])
            #expect(daemon.ask(3, client, at: clock.now) == 2)
            if verb == "clear" {
                let cleared = try await daemon.limits.clear(Selection(select: ["web"]), .real)
                #expect(cleared.items.map(\.outcome) == ["cleared"])
                #expect(daemon.ask(9, client, at: clock.now) == 9)
            } else {
                _ = try await daemon.clients.remove(Selection(select: ["web"]), .real)
            }
            let kept = try await daemon.store.read { db in
                try Int.fetchOne(db, sql: "SELECT count(*) FROM limit_use WHERE subject = 'client'")
            }
            #expect(kept == 0)
        }
        daemon.store.close()
    }

    @Test("of many that ask at once, on many threads, exactly as many are admitted as may be")
    func threads() async throws {
        let daemon = try Daemon(files, clock)
        defer { daemon.store.close() }
        let client = try await add("web", daemon)
        _ = try await daemon.set(["web"], [.requestsPerHour: .value(700)])
        let now = clock.now
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { daemon.ask(200, client, at: now) } }
            return await group.reduce(0, +)
        }
        #expect(admitted == 700)
    }
}
