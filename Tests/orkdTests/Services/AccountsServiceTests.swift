import GRDB
import NIOCore
import ORKit
import Testing

@testable import orkd

@Suite("accounts: what operators see and say")
struct AccountsServiceTests {
    private let fixture: KeysFixture
    private var accounts: AccountsService { AccountsService(fixture.keys) }

    init() throws { fixture = try KeysFixture() }

    /// A key of which the upstream says whose it is.
    private func addLearnt(_ name: String, _ number: Int, of account: String) async throws {
        var info = KeyInfo()
        info.account = account
        fixture.upstream.answer(number, .valid(info))
        try await fixture.add(name, number)
    }

    private func addSet(_ name: String, _ number: Int, to account: String) async throws -> KeyView? {
        var request = KeyAdd(name: name, secret: KeysFixture.secret(number))
        request.account = account
        return try await fixture.keys.add(request, .real).items.first?.item
    }

    private func all(_ limit: Int? = nil) async throws -> [AccountView] {
        var views: [AccountView] = []
        var query = AccountQuery(page: PageQuery(limit: limit))
        repeat {
            let page = try await accounts.list(query)
            #expect(limit == nil || page.items.count <= limit ?? 0)
            views += page.items
            query.page.cursor = page.next
        } while query.page.cursor != nil
        return views
    }

    private func view(_ account: String) async throws -> AccountView {
        try #require(try await accounts.list(AccountQuery(select: [account])).items.first)
    }

    private func set(
        _ account: String, name: String? = nil, note: String? = nil, ifVersion: Int64? = nil,
        _ order: Order = .real
    ) async throws -> Change<AccountView> {
        var request = AccountSet(account: account)
        request.name = name.map { $0 == "none" ? Clearable.none : .value($0) }
        request.note = note.map { $0 == "none" ? Clearable.none : .value($0) }
        request.ifVersion = ifVersion
        return try #require(try await accounts.set(request, order).items.first)
    }

    /// Marks the key as the engine would after its account refused, now.
    private func empty(_ key: String, until milliseconds: Int64?) async throws {
        let now = fixture.clock.now.wall
        let id = try #require(try await fixture.view(key)).id
        try fixture.mark(id) { facts in
            facts.counters.attempts = 5
            facts.counters.costPico = 7
            facts.rests.append(
                Rest(
                    scope: .account, model: Rest.paidClass, cause: .creditsOut,
                    until: milliseconds.map { now.advanced(byMilliseconds: $0) }, since: now, stated: false,
                    guesses: 1, rule: "402-credits", evidence: "Insufficient credits"))
        }
    }

    @Test("every account is listed with its keys, and the keys of nobody last: the sum is the pool")
    func listed() async throws {
        defer { fixture.store.close() }
        try await addLearnt("a", 1, of: "user_x")
        try await addLearnt("b", 2, of: "user_x")
        _ = try await addSet("c", 3, to: "core")
        try await fixture.add("d", 4)
        _ = try await fixture.keys.disable(Selection("b"), .real)
        let views = try await all()
        #expect(views.map(\.id) == ["core", "user_x", "unknown"])
        #expect(views.map(\.known) == [true, true, false])
        #expect(views.map(\.keys) == [1, 2, 1])
        #expect(views.map(\.learntKeys) == [0, 2, 0])
        #expect(views.map { $0.byState["usable"] } == [1, 1, 1])
        #expect(views.map { $0.byState["disabled"] } == [0, 1, 0])
        #expect(views.allSatisfy { $0.byState.count == KeyState.allCases.count && $0.members == nil })
        #expect(views.map { $0.knownSince != nil } == [true, true, false])
        #expect(views.map(\.version) == [0, 0, 0])
    }

    @Test("pages of any length hold the same accounts, each once", arguments: 1...5)
    func pages(limit: Int) async throws {
        defer { fixture.store.close() }
        for number in 1...3 { _ = try await addSet("k\(number)", number, to: "account \(number)") }
        try await fixture.add("d", 4)
        let all = ["account 1", "account 2", "account 3", "unknown"]
        #expect(try await self.all(limit).map(\.id) == all)
        let page = try await accounts.list(AccountQuery(page: PageQuery(limit: limit)))
        #expect(page.total == 4)
        let foreign = AccountQuery(page: PageQuery(limit: limit, cursor: "frob"))
        #expect(await fixture.code { _ = try await accounts.list(foreign) } == .badValue)
    }

    @Test("what all keys of an account rest for is shown once, with its evidence, until it ends")
    func rests() async throws {
        defer { fixture.store.close() }
        for (number, name) in ["a", "b"].enumerated() { try await addLearnt(name, number, of: "user_x") }
        try await addLearnt("c", 3, of: "user_y")
        try await empty("a", until: 60_000)
        let view = try await view("user_x")
        let rest = try #require(view.rests.first)
        #expect(view.rests.count == 1)
        #expect(rest.scope == .account && rest.model == ":paid" && rest.because == "credits-out")
        #expect(!rest.stated && rest.rule == "402-credits" && rest.evidence == "Insufficient credits")
        #expect(rest.until == fixture.clock.now.wall.advanced(byMilliseconds: 60_000).rfc3339)
        #expect(view.byState["exhausted"] == 2)
        #expect(view.counters.attempts == 5 && view.counters.costPico == 7)
        #expect(view.members?.map(\.name) == ["a", "b"])
        #expect(view.members?.map(\.state) == [.exhausted, .exhausted])
        #expect(view.members?.map(\.learnt) == [true, true])
        #expect(try await self.view("user_y").rests.isEmpty)
        fixture.clock.advance(milliseconds: 60_000)
        #expect(try await self.view("user_x").rests.isEmpty)
    }

    @Test("keys of nobody can be looked at, and nothing can be said about them")
    func unknown() async throws {
        defer { fixture.store.close() }
        #expect(try await all().isEmpty)
        try await fixture.add("d", 4)
        #expect(try await view("unknown").members?.map(\.name) == ["d"])
        #expect(await fixture.code { _ = try await set("unknown", note: "x") } == .badValue)
        #expect(await fixture.code { _ = try await addSet("e", 5, to: "unknown") } == .badValue)
        for name in ["nobody", "sk-or-v1-nobody"] {
            #expect(await fixture.code { _ = try await view(name) } == .accountNotFound)
            #expect(await fixture.code { _ = try await set(name, note: "x") } == .accountNotFound)
        }
    }

    @Test("a name and a note are on disk with an audit row, and again unchanged; a dry run keeps nothing")
    func said() async throws {
        defer { fixture.store.close() }
        try await addLearnt("a", 1, of: "user_x")
        #expect(try await set("user_x", name: "core", .trial).outcome == "changed")
        #expect(try await view("user_x").name == nil)
        let change = try await set("user_x", name: "core", note: "pays by card")
        #expect(change.changed && change.item.name == "core" && change.item.version == 1)
        #expect(change.item.keys == 1)
        #expect(try await !set("core", name: "core", note: "pays by card").changed)
        #expect(try await view("core").id == "user_x")
        #expect(await fixture.code { _ = try await set("core", note: "y", ifVersion: 0) } == .versionLost)
        #expect(try await set("core", note: "none", ifVersion: 1).item.note == nil)
        #expect(
            try await fixture.audit() == ["keys.add a", "accounts.set user_x", "accounts.set user_x"])
    }

    @Test(
        "what an account cannot be called is refused",
        arguments: ["", "unknown", "a b", "-x", "sk-or-v1-abc", String(repeating: "a", count: 65)])
    func names(_ name: String) async throws {
        defer { fixture.store.close() }
        try await addLearnt("a", 1, of: "user_x")
        #expect(await fixture.code { _ = try await set("user_x", name: name) } == .badValue)
    }

    @Test("a name stands for one account, and is as good as its id where keys are put to it")
    func resolved() async throws {
        defer { fixture.store.close() }
        try await addLearnt("a", 1, of: "user_x")
        try await addLearnt("b", 2, of: "user_y")
        _ = try await set("user_x", name: "core")
        #expect(await fixture.code { _ = try await set("user_y", name: "core") } == .accountExists)
        #expect(await fixture.code { _ = try await set("user_y", name: "user_x") } == .accountExists)
        #expect(try await addSet("c", 3, to: "core")?.account == "user_x")
        var change = KeySet(select: ["b"])
        change.account = .value("core")
        #expect(try await fixture.keys.set(change, .real).items.first?.item.account == "user_x")
        let session = try await fixture.keys.beginImport(ImportOptions(account: "core"), .real)
        _ = try await session.take(.init(string: KeysFixture.secret(9) + "\n"))
        _ = try await session.finish()
        #expect(try await view("core").keys == 4)
        #expect(fixture.box.decide { engine, _ in engine.count } == 4)
        #expect(try fixture.store.loadKeys().allSatisfy { $0.account == "user_x" })
        // Two words for one account are made one by its keys.
        #expect(try await all().map(\.id) == ["user_x"])
    }

    @Test("an account goes with its last key, unless something is said about it")
    func gone() async throws {
        defer { fixture.store.close() }
        try await addLearnt("a", 1, of: "user_x")
        try await addLearnt("b", 2, of: "user_y")
        _ = try await set("user_x", name: "core")
        for key in ["a", "b"] { _ = try await fixture.keys.remove(Selection(key), .real) }
        #expect(try await all().map(\.id) == ["user_x"])
        let bare = try await view("core")
        #expect(bare.keys == 0 && bare.rests.isEmpty && bare.members?.isEmpty == true)
        fixture.clock.advance(milliseconds: 5000)
        // It is the same account when a key of it comes back.
        try await addLearnt("c", 3, of: "user_x")
        let back = try await view("core")
        #expect(back.keys == 1 && back.knownSince == bare.knownSince)
        _ = try await fixture.keys.remove(Selection("c"), .real)
        _ = try await set("core", name: "none")
        #expect(try await all().isEmpty)
        #expect(await fixture.code { _ = try await view("user_x") } == .accountNotFound)
    }
}
