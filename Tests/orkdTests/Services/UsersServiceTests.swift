import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("users")
struct UsersServiceTests {
    let fixture: ServiceFixture
    let users: UsersService
    var clients: ClientsService { fixture.clients }

    init() throws {
        fixture = try ServiceFixture()
        users = UsersService(fixture.clients)
    }

    @discardableResult
    private func create(_ name: String, _ change: (inout UserAdd) -> Void = { _ in }) async throws -> UserView
    {
        var request = UserAdd(name: name)
        change(&request)
        return try #require(try await users.add(request, .real).items.first).item
    }

    @discardableResult
    private func issue(_ name: String, _ change: (inout ClientAdd) -> Void = { _ in }) async throws
        -> ClientView
    {
        var request = ClientAdd(name: name)
        change(&request)
        return try #require(try await clients.add(request, .real).items.first).item
    }

    @discardableResult
    private func set(_ name: String, _ change: (inout ClientSet) -> Void) async throws -> Changes<ClientView>
    {
        var request = ClientSet(select: [name])
        change(&request)
        return try await clients.set(request, .real)
    }

    private func show(_ name: String) async throws -> UserView {
        try #require(try await users.list(UserQuery(select: [name])).items.first)
    }

    private func client(_ name: String) async throws -> ClientView {
        try #require(try await clients.list(ClientQuery(select: [name])).items.first)
    }

    private func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? CodedError)?.code
        }
    }

    @Test("a user is made once, shown with all its fields, changed field by field [US-08]")
    func fields() async throws {
        let made = try await create("alice") {
            $0.email = "alice@example.com"
            $0.authMethod = "email"
            $0.preferences = #"{"theme":{"dark":true}}"#
            $0.tags = ["team": "core"]
        }
        #expect(made.id == UserID(1) && made.enabled && made.metered && made.subscription == "active")
        var again = UserAdd(name: "alice")
        #expect(await code { _ = try await users.add(again, .real) } == .userExists)
        again.email = "alice@example.com"
        again.authMethod = "email"
        again.preferences = #"{"theme":{"dark":true}}"#
        again.tags = ["team": "core"]
        #expect(try await users.add(again, .real).items.first?.outcome == "unchanged")
        var change = UserSet(select: ["alice"])
        change.email = .value("a@example.org")
        change.metered = false
        change.subscription = "trial"
        change.note = .value("n")
        change.ifVersion = 1
        let changed = try #require(try await users.set(change, .real).items.first)
        #expect(changed.item.email == "a@example.org" && !changed.item.metered && changed.item.version == 2)
        // A trial is three days long when nothing is said [US-09].
        #expect(
            changed.item.trialEndsAt
                == fixture.clock.now.wall.advanced(byMilliseconds: 3 * 86_400_000).rfc3339)
        #expect(await code { _ = try await users.set(change, .real) } == .versionLost)
        var rename = UserSet(select: ["1"])
        rename.name = "bob"
        rename.email = Clearable.none
        #expect(try await users.set(rename, .real).items.first?.item.email == nil)
        #expect(try await show("bob").name == "bob")
        #expect(
            try await fixture.audit() == ["users.add alice", "users.set alice", "users.set bob"])
    }

    @Test("what no user can be called or have is refused, and nothing is kept")
    func refused() async throws {
        for name in ["", "12", "none", "a b", "-a", String(repeating: "a", count: 65)] {
            #expect(await code { try await create(name) } == .badValue, "\(name)")
        }
        for email in ["", "a", "a@", "@a", "a@b@c", "a b@c", "a@.b", "<a@b>"] {
            #expect(await code { try await create("u") { $0.email = email } } == .badValue, "\(email)")
        }
        for text in ["", "[]", "{", "1", #"{"a":1}x"#] {
            #expect(await code { try await create("u") { $0.preferences = text } } == .badValue, "\(text)")
        }
        #expect(await code { try await create("u") { $0.authMethod = "x" } } == .badValue)
        #expect(await code { try await create("u") { $0.subscription = "x" } } == .badValue)
        #expect(await code { try await create("u") { $0.trialEnds = "x" } } == .badValue)
        #expect(try await users.list(UserQuery()).items.isEmpty)
        #expect(await code { _ = try await users.list(UserQuery(select: ["u"])) } == .userNotFound)
        _ = try await users.add(UserAdd(name: "dry"), .trial)
        #expect(try await users.list(UserQuery()).total == 0)
    }

    @Test("clients belong to a user, and none sees another's [CK-10] [US-10]")
    func owners() async throws {
        try await create("alice")
        try await create("bob")
        try await issue("house")
        for name in ["a1", "a2"] { try await issue(name) { $0.user = "alice" } }
        try await issue("b1") { $0.user = "2" }
        func names(_ user: String) async throws -> [String] {
            try await clients.list(ClientQuery(user: user)).items.map(\.name)
        }
        #expect(try await names("alice") == ["a1", "a2"])
        #expect(try await names("bob") == ["b1"])
        #expect(try await names("none") == ["house"])
        #expect(await code { _ = try await names("nobody") } == .userNotFound)
        #expect(try await show("alice").clients == 2)
        #expect(await code { try await issue("x") { $0.user = "nobody" } } == .userNotFound)
        try await set("house") { $0.user = .value("bob") }
        #expect(try await names("bob") == ["b1", "house"])
        try await set("house") { $0.user = Clearable.none }
        #expect(try await client("house").user == nil)
    }

    @Test("at most one client of a user is primary, and the mark moves [CK-20]")
    func primary() async throws {
        try await create("alice")
        try await issue("a1") {
            $0.user = "alice"
            $0.primary = true
        }
        try await issue("a2") {
            $0.user = "alice"
            $0.primary = true
        }
        #expect(try await client("a1").primary == false)
        #expect(try await show("alice").primary == "a2")
        let moved = try await set("a1") { $0.primary = true }
        #expect(Set(moved.items.map(\.item.name)) == ["a1", "a2"])
        #expect(try await show("alice").primary == "a1")
        #expect(await code { try await set("a1") { $0.primary = false } } == .badValue)
        #expect(await code { try await issue("h") { $0.primary = true } } == .badValue)
        // Elsewhere it is one of others.
        try await create("bob")
        try await set("a1") { $0.user = .value("bob") }
        let (taken, left) = (try await client("a1"), try await show("alice"))
        #expect(!taken.primary && left.primary == nil)
    }

    @Test("of a disabled user no client is let in, of an enabled one all that are enabled")
    func switching() async throws {
        try await create("alice")
        let secret = try #require(try await issue("a1") { $0.user = "alice" }.secret)
        #expect(fixture.table[secret]?.enabled == true && fixture.table[secret]?.user == UserID(1))
        let off = try await users.disable(Selection("alice", reason: "unpaid"), .real)
        #expect(off.items.first?.item.disabledReason == "unpaid")
        #expect(fixture.table[secret]?.enabled == false)
        #expect(try await users.disable(Selection("alice"), .real).items.first?.outcome == "unchanged")
        // Also for a client that is changed meanwhile, and after a start.
        try await set("a1") { $0.note = .value("x") }
        #expect(fixture.table[secret]?.enabled == false)
        #expect(try await clients.loadTable().values.first?.enabled == false)
        _ = try await users.enable(Selection("alice"), .real)
        #expect(fixture.table[secret]?.enabled == true)
    }

    @Test("a removed user takes its clients along and leaves a tombstone")
    func removal() async throws {
        try await create("alice")
        let secret = try #require(try await issue("a1") { $0.user = "alice" }.secret)
        try await issue("a2") {
            $0.user = "alice"
            $0.maxRequests = 5
        }
        try await issue("b1")
        _ = try await users.remove(Selection("alice"), .trial)
        #expect(fixture.table[secret] != nil)
        let gone = try #require(try await users.remove(Selection("alice"), .real).items.first)
        #expect(gone.outcome == "removed" && gone.detail == "with a1, a2" && gone.item.clients == 2)
        #expect(fixture.table[secret] == nil && fixture.table.entries.count == 1)
        #expect(try await clients.list(ClientQuery()).items.map(\.name) == ["b1"])
        let left = try await fixture.store.read { db in
            (
                try Tombstones.names(.user, [1], db), try Int.fetchOne(db, sql: "SELECT count(*) FROM user"),
                try Int.fetchOne(db, sql: "SELECT count(*) FROM client_count")
            )
        }
        #expect(left.0 == [1: "alice"] && left.1 == 0 && left.2 == 0)
        #expect(await code { _ = try await users.remove(Selection("alice"), .real) } == .userNotFound)
        #expect(try await users.remove(Selection("alice", ifExists: true), .real).items.isEmpty)
        // An id is never given again.
        #expect(try await create("alice").id == UserID(2))
        #expect(
            try await fixture.audit().suffix(4) == [
                "clients.remove a1", "clients.remove a2", "users.remove alice", "users.add alice",
            ])
    }

    @Test("the trial of a user reaches the data path only while it is one")
    func trial() async throws {
        try await create("alice") { $0.subscription = "trial" }
        let secret = try #require(try await issue("a1") { $0.user = "alice" }.secret)
        let end = fixture.clock.now.wall.advanced(byMilliseconds: UserFields.trial)
        #expect(fixture.table[secret]?.rules?.trialEndsAt == end)
        var change = UserSet(select: ["alice"])
        change.subscription = "active"
        _ = try await users.set(change, .real)
        #expect(fixture.table[secret]?.rules == nil)
        var broken = UserSet(select: ["alice"])
        broken.subscription = "trial"
        broken.trialEnds = Clearable.none
        #expect(await code { _ = try await users.set(broken, .real) } == .badValue)
    }

    @Test("allow lists are put into one form, replaced as a whole, and cleared")
    func lists() async throws {
        let made = try await issue("web") {
            $0.models = ["openai/*", "a/b", "openai/*"]
            $0.endpoints = ["/v1/chat/completions"]
            $0.addresses = ["10.1.2.3/8", "::1"]
            $0.referrers = ["Example.com"]
            $0.maxRequests = 10
        }
        #expect(made.models == ["openai/*", "a/b"] && made.endpoints == ["chat/completions"])
        #expect(made.addresses == ["10.0.0.0/8", "::1"] && made.referrers == ["example.com"])
        #expect(made.maxRequests == 10 && made.requestsLeft == 10)
        let secret = try #require(made.secret)
        #expect(fixture.table[secret]?.rules?.models?.permits("openai/x") == true)
        #expect(fixture.table[secret]?.rules?.permits(address: NetAddress("11.0.0.1")) == false)
        try await set("web") { $0.models = ["x/y"] }
        #expect(try await client("web").models == ["x/y"])
        #expect(try await client("web").addresses == ["10.0.0.0/8", "::1"])
        try await set("web") {
            $0.models = []
            $0.endpoints = []
            $0.addresses = []
            $0.referrers = []
            $0.maxRequests = ClearableCount.none
        }
        let after = try await client("web")
        #expect(after.models == nil && after.endpoints == nil && after.addresses == nil)
        #expect(after.referrers == nil && after.maxRequests == nil)
        #expect(fixture.table[secret]?.rules == nil)
        let refused: [(inout ClientSet) -> Void] = [
            { $0.models = ["a b"] }, { $0.models = [""] }, { $0.endpoints = ["a\\b"] },
            { $0.addresses = ["10.0.0.0/33"] }, { $0.addresses = ["localhost"] },
            { $0.referrers = ["*.example.com"] }, { $0.maxRequests = .value(0) },
            { $0.maxRequests = .value(-1) }, { $0.models = Array(repeating: "a", count: 257) },
            { $0.models = ["sk-or-v1-" + String(repeating: "0123456789abcdef", count: 4)] },
        ]
        for change in refused { #expect(await code { try await set("web", change) } == .badValue) }
    }

    @Test("a cap begins with what was answered, is raised and taken away, and survives a new start [CK-24]")
    func caps() async throws {
        let made = try await issue("web")
        let records = (0..<3).map {
            RequestRecord.sample(UInt64($0), at: fixture.clock.now.wall.milliseconds, client: made.id.raw)
        }
        fixture.store.journal.submit(RecordBatch(records))
        try await fixture.store.transact { _ in }
        try await set("web") { $0.maxRequests = .value(5) }
        #expect(try await client("web").requestsLeft == 2)
        let secret = try #require(made.secret)
        let cap = try #require(fixture.table[secret]?.rules?.cap)
        func take(_ cap: RequestCap) async -> Bool {
            await withCheckedContinuation { answer in
                if !clients.caps.take(cap, done: { answer.resume(returning: $0) }) {
                    answer.resume(returning: false)
                }
            }
        }
        #expect(await take(cap))
        #expect(await take(cap))
        #expect(await !take(cap))
        #expect(try await client("web").requestsLeft == 0)
        // A start anew knows what was granted.
        let later = ClientsService(fixture.store, clock: { fixture.clock.now }, changed: { _ in })
        _ = try await later.loadTable()
        #expect(!later.caps.take(cap) { _ in })
        try await set("web") { $0.maxRequests = .value(6) }
        let raised = try #require(fixture.table[secret]?.rules?.cap)
        #expect(raised.serial == cap.serial && raised.most == 6)
        #expect(await take(raised))
        #expect(await !take(raised))
        try await set("web") { $0.maxRequests = ClearableCount.none }
        #expect(try await client("web").requestsLeft == nil)
    }
}
