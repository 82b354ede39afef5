import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("budgets: what operators do, and what stays")
struct BudgetsServiceTests {
    /// A daemon's parts, over a database that outlives it.
    private struct Daemon {
        let store: Store
        let box: EngineBox
        let clients: ClientsService
        let users: UsersService
        let budgets: BudgetsService
        let clock: HandClock

        init(_ files: StoreFixture, _ clock: HandClock) throws {
            let store = try files.open()
            let box = EngineBox(
                Engine(settings: EngineSettings()), seed: 1,
                onLimitNews: { store.journal.stirLimits() }, keep: { _, _ in })
            store.journal.watchBudgets { box.takeBudgetNews(at: clock.now) }
            self.store = store
            self.box = box
            self.clock = clock
            clients = ClientsService(store, clock: { clock.now }, changed: { _ in })
            users = UsersService(clients)
            budgets = BudgetsService(store, box, clock: { clock.now })
            #expect(try budgets.load() == [])
        }

        func set(
            _ name: String, _ limit: String?, zone: String? = nil, hard: Bool? = nil, _ order: Order = .real
        ) async throws -> String {
            var request = BudgetSet(budgets: [name])
            (request.limit, request.timeZone, request.hard) = (limit, zone, hard)
            return try #require(try await budgets.set(request, order).items.first).outcome
        }

        func spent(_ name: String) async throws -> String? {
            try await budgets.list([name]).items.first?.spent
        }

        /// Whether a request begins that costs so many cents, and is over at once.
        func spend(_ cents: Int64, _ subjects: [BudgetSubject] = [.everything]) -> Bool {
            switch box.admit(subjects, cost: .zero, at: clock.now) {
            case .refused: return false
            case .free: box.settle(nil, subjects, cost: Self.cents(cents), at: clock.now)
            case .admitted(let hold): box.settle(hold, subjects, cost: Self.cents(cents), at: clock.now)
            }
            return true
        }

        static func cents(_ count: Int64) -> Money { Money(pico: count * Money.picoPerDollar / 100) }

        func events() async throws -> [String] {
            try await store.transact { _ in }
            return try await store.read { db in
                try EventLog.notes(after: 0, 99, db).map(\.record).filter { $0.kind == "budget" }.map {
                    "\($0.subject ?? "-") \($0.event) \($0.code?.rawValue ?? "-") \($0.text)"
                }
            }
        }
    }

    private let files: StoreFixture
    private let clock = HandClock()

    init() throws { files = try StoreFixture() }

    @Test("a budget is on disk, in force and in the audit trail, and again unchanged")
    func set() async throws {
        let daemon = try Daemon(files, clock)
        defer { daemon.store.close() }
        _ = try await daemon.users.add(UserAdd(name: "alice"), .real)
        #expect(try await daemon.set("user:alice/month", "10") == "added")
        #expect(try await daemon.set("user:alice/month", "10.00") == "unchanged")
        #expect(try await daemon.set("user:1/month", nil, hard: false) == "changed")
        let view = try #require(try await daemon.budgets.list([]).items.first)
        #expect(view.name == "user:alice/month" && view.version == 2 && !view.hard && view.warnAt == [80])
        #expect(view.limit == "10.00" && view.left == "10.00" && view.timeZone == "UTC")
        #expect(daemon.spend(1100, [.user(UserID(1))]) && daemon.spend(1, [.user(UserID(1))]))
        #expect(try await daemon.set("user:alice/month", nil, hard: true) == "changed")
        #expect(!daemon.spend(1, [.user(UserID(1))]))
        let audit = try await daemon.store.read {
            try Row.fetchAll($0, sql: "SELECT subject, after FROM audit WHERE verb = 'budgets.set'").map {
                "\($0.text(0)) \($0.text(1))"
            }
        }
        #expect(
            audit.first
                == #"user:alice/month {"hard":true,"limit":"10.00","time_zone":"UTC","version":1,"warn_at":"80"}"#
        )
        #expect(audit.count == 3)
    }

    @Test("a dry run and a refused change leave everything as it was")
    func refusals() async throws {
        let daemon = try Daemon(files, clock)
        defer { daemon.store.close() }
        #expect(try await daemon.set("all/day", "5", .trial) == "added")
        for (name, limit, zone) in [
            ("all/day", "0", nil), ("all/day", "-1", nil), ("all/day", "1e9", nil), ("all/day", "x", nil),
            ("all/day", nil, nil), ("all/year", "5", nil), ("key:nosuch/day", "5", nil),
            ("pool:nosuch/day", "5", nil), ("team:a/day", "5", nil),
            ("user:nobody/day", "5", nil),
            ("all/day", "5", "../../etc/passwd"), ("all/day", "5", "Nowhere/Land"), ("all/day", "5", ""),
        ] as [(String, String?, String?)] {
            await #expect(throws: CodedError.self, "\(name) \(limit ?? "-") \(zone ?? "-")") {
                _ = try await daemon.set(name, limit, zone: zone)
            }
        }
        #expect(!daemon.box.hasBudgets && daemon.spend(99_999))
        #expect(try await daemon.budgets.list([]).items.isEmpty)
        #expect(try await daemon.set("all/day", "5") == "added" && daemon.box.hasBudgets)
        var lost = BudgetSet(budgets: ["all/day"])
        (lost.limit, lost.ifVersion) = ("6", 4)
        let request = lost
        await #expect(throws: CodedError.self) { _ = try await daemon.budgets.set(request, .real) }
        _ = try await daemon.budgets.remove(Selection(select: ["all/*"]), .trial)
        #expect(try await daemon.budgets.list([]).items.count == 1)
    }

    @Test("what was spent is on disk with the next commit; a start goes on with it until the period ends")
    func kept() async throws {
        let first = try Daemon(files, clock)
        _ = try await first.set("all/day", "10", zone: "Europe/Berlin")
        #expect(first.spend(900))
        try await first.store.transact { _ in }
        first.store.close()
        clock.advance(milliseconds: 20_000)
        let second = try Daemon(files, clock)
        #expect(try await second.spent("all/day") == "9.00")
        #expect(second.spend(100) && !second.spend(100))
        second.store.close()
        let again = try Daemon(files, clock)
        #expect(try await again.spent("all/day") == "10.00" && !again.spend(1))
        again.store.close()
        clock.advance(days: 1)
        let third = try Daemon(files, clock)
        defer { third.store.close() }
        #expect(try await third.spent("all/day") == "0.00" && third.spend(100))
    }

    @Test("a clock that is set forward while the daemon is down or up begins no period before its time")
    func setClock() async throws {
        let daemon = try Daemon(files, clock)
        defer { daemon.store.close() }
        _ = try await daemon.set("all/day", "1")
        #expect(daemon.spend(100) && !daemon.spend(1))
        clock.set(forwardDays: 40)
        #expect(!daemon.spend(1))
        clock.advance(days: 1)
        #expect(daemon.spend(1))
    }

    @Test("each mark that is passed is one event, on disk with the sum that passed it")
    func events() async throws {
        let daemon = try Daemon(files, clock)
        defer { daemon.store.close() }
        _ = try await daemon.set("all/day", "10", hard: false)
        for cents in [700, 200, 200, 150] as [Int64] { #expect(daemon.spend(cents)) }
        #expect(
            try await daemon.events() == [
                "all/day warned - 80 % passed: 9.00 of 10.00 USD spent",
                "all/day spent - 100 % passed: 11.00 of 10.00 USD spent",
            ])
        _ = try await daemon.set("all/day", "13", hard: true)
        #expect(daemon.spend(100) && !daemon.spend(1))
        #expect(
            try await daemon.events().last
                == "all/day spent budget-spent 100 % passed: 13.50 of 13.00 USD spent")
    }

    @Test("a budget goes with its owner, and with it what was spent, also from the disk")
    func removed() async throws {
        let daemon = try Daemon(files, clock)
        defer { daemon.store.close() }
        _ = try await daemon.clients.add(ClientAdd(name: "web"), .real)
        _ = try await daemon.users.add(UserAdd(name: "alice"), .real)
        _ = try await daemon.set("client:web/total", "1")
        _ = try await daemon.set("user:alice/total", "1")
        #expect(daemon.spend(50, [.client(ClientID(1)), .user(UserID(1))]))
        try await daemon.store.transact { _ in }
        _ = try await daemon.clients.remove(Selection(select: ["web"]), .real)
        _ = try await daemon.users.remove(Selection(select: ["alice"]), .real)
        #expect(daemon.spend(10, [.client(ClientID(1))]))
        try await daemon.store.transact { _ in }
        let rows = try await daemon.store.read { db in
            try ["budget", "budget_use"].map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") }
        }
        #expect(rows == [0, 0])
    }

    @Test("of many that ask at once, on many threads, as many are let in as the budget covers")
    func threads() async throws {
        let daemon = try Daemon(files, clock)
        defer { daemon.store.close() }
        _ = try await daemon.set("all/total", "5")
        let now = clock.now
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<100).count { _ in
                        guard
                            case .admitted(let hold) = daemon.box.admit(
                                [.everything], cost: Daemon.cents(1), at: now)
                        else { return false }
                        daemon.box.settle(hold, [.everything], cost: Daemon.cents(1), at: now)
                        return true
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 500)
        #expect(try await daemon.spent("all/total") == "5.00")
    }
}
