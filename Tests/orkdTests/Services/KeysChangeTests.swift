import ORKit
import Testing

@testable import orkd

@Suite("keys: changes")
struct KeysChangeTests {
    private let fixture: KeysFixture

    init() throws { fixture = try KeysFixture() }

    @Test("set changes what it names, raises the version, and is unchanged the second time")
    func set() async throws {
        defer { fixture.store.close() }
        try await fixture.add("main-1", 1)
        var request = KeySet(select: ["main-1"])
        request.weight = 7
        request.account = .value("core")
        request.tags = ["team": "x", "gone": nil]
        let changed = try await fixture.keys.set(request, .real)
        #expect(changed.items.map(\.outcome) == ["changed"])
        #expect(changed.items.map(\.item.version) == [2])
        #expect(changed.items.map(\.item.tags) == [["team": "x"]])
        #expect(try await fixture.keys.set(request, .real).items.map(\.changed) == [false])
        var clear = KeySet(select: ["main-1"])
        clear.account = Clearable.none
        clear.tags = .some(["team": nil])
        let cleared = try await fixture.keys.set(clear, .real)
        #expect(cleared.items.map(\.item.account) == [nil])
        #expect(cleared.items.map(\.item.tags) == [[:]])
    }

    @Test("a change meant for another version is lost")
    func versions() async throws {
        defer { fixture.store.close() }
        try await fixture.add("main-1", 1)
        var request = KeySet(select: ["main-1"])
        request.weight = 2
        request.ifVersion = 1
        _ = try await fixture.keys.set(request, .real)
        request.weight = 3
        #expect(await fixture.code { _ = try await fixture.keys.set(request, .real) } == .versionLost)
        #expect(try await fixture.view("main-1")?.weight == 2)
    }

    @Test("a disabled key is never leased, and again after enable [KP-12]")
    func disable() async throws {
        defer { fixture.store.close() }
        try await fixture.add("main-1", 1)
        let off = try await fixture.keys.disable(Selection("main-1", reason: "leaked"), .real)
        #expect(off.items.map(\.item.state) == [.disabled])
        #expect(off.items.map(\.item.disabledReason) == ["leaked"])
        #expect(try await fixture.keys.disable(Selection("main-1"), .real).items.map(\.changed) == [false])
        let now = fixture.clock.now
        let refused = fixture.box.decide { engine, rng in
            if case .refuse = engine.begin(Ask(client: .anonymous, model: nil), at: now, using: &rng) {
                true
            } else {
                false
            }
        }
        #expect(refused)
        #expect(
            try await fixture.keys.enable(Selection("main-1"), .real).items.map(\.item.state) == [.usable])
        #expect(
            try await fixture.audit() == ["keys.add main-1", "keys.disable main-1", "keys.enable main-1"])
    }

    @Test("a dry run of a change tells what would be and changes nothing")
    func dryRun() async throws {
        defer { fixture.store.close() }
        try await fixture.add("main-1", 1)
        let trial = try await fixture.keys.disable(Selection("main-1"), .trial)
        #expect(trial.items.map(\.item.state) == [.disabled])
        #expect(try await fixture.view("main-1")?.state == .usable)
        #expect(try await fixture.keys.remove(Selection("main-1"), .trial).items.count == 1)
        #expect(try await fixture.names() == ["main-1"])
    }

    @Test("rotate keeps id, name and counters and serves the new secret [KP-13]")
    func rotate() async throws {
        defer { fixture.store.close() }
        let id = try #require(try await fixture.add("main-1", 1).items.first).item.id
        try fixture.mark(id) { $0.counters.attempts = 9 }
        let request = KeyRotate(select: ["main-1"], secret: KeysFixture.secret(2))
        let changes = try await fixture.keys.rotate(request, .real)
        #expect(changes.items.map(\.outcome) == ["rotated"])
        #expect(changes.items.map(\.item.id) == [id])
        #expect(changes.items.map(\.item.counters.attempts) == [9])
        let now = fixture.clock.now
        let served = fixture.box.decide { engine, rng -> Secret? in
            if case .lease(let lease) = engine.begin(
                Ask(client: .anonymous, model: nil), at: now, using: &rng)
            {
                lease.secret
            } else {
                nil
            }
        }
        #expect(served?.isEqual(to: Secret(KeysFixture.secret(2).utf8)) == true)
        #expect(
            try fixture.store.loadKeys().first?.secret.isEqual(to: Secret(KeysFixture.secret(2).utf8)) == true
        )
        #expect(try await fixture.keys.rotate(request, .real).items.map(\.changed) == [false])
        try await fixture.add("main-2", 3)
        let clash = KeyRotate(select: ["main-1"], secret: KeysFixture.secret(3))
        #expect(await fixture.code { _ = try await fixture.keys.rotate(clash, .real) } == .duplicate)
    }

    @Test("a learnt account goes with the secret, and is that of the new one; what an operator said stays")
    func rotatedAccount() async throws {
        defer { fixture.store.close() }
        func rotate(_ number: Int, to account: String?) async throws -> String? {
            var info = KeyInfo()
            info.account = account
            fixture.upstream.answer(number, .valid(info))
            let request = KeyRotate(select: ["k"], secret: KeysFixture.secret(number))
            let shown = try #require(try await fixture.keys.rotate(request, .real).items.first?.item)
            #expect(try fixture.store.loadKeys().map(\.account) == [shown.account])
            return shown.account
        }
        var info = KeyInfo()
        info.account = "user_old"
        fixture.upstream.answer(1, .valid(info))
        #expect(try await fixture.add("k", 1).items.first?.item.account == "user_old")
        #expect(try await rotate(2, to: "user_new") == "user_new")
        #expect(try await rotate(3, to: nil) == nil)
        #expect(try await rotate(4, to: "user_last") == "user_last")
        var change = KeySet(select: ["k"])
        change.account = .value("user_last")
        #expect(try await fixture.keys.set(change, .real).items.map(\.outcome) == ["changed"])
        #expect(try await fixture.keys.set(change, .real).items.map(\.outcome) == ["unchanged"])
        #expect(try await rotate(5, to: "user_other") == "user_last")
    }

    @Test("an account that was learnt while a change was on its way is not lost by it")
    func learntMeanwhile() async throws {
        defer { fixture.store.close() }
        let id = try #require(try await fixture.add("k", 1).items.first).item.id
        let (box, now) = (fixture.box, fixture.clock.now)
        _ = try await fixture.keys.changeEach(.real) { db, _ in
            let rows = try KeySelection.find(["k"], db).rows
            box.change { engine, _, effects in effects += engine.learn(account: "user_x", of: id, at: now) }
            return rows
        } change: { [store = fixture.store] row, outcome, db, now in
            var after = row
            after.weight = 7
            try outcome.put(row, after, "set", "changed", store, .real, at: now, db)
        }
        let record = try #require(try fixture.store.loadKeys().first)
        #expect(record.account == "user_x" && record.weight == 7)
    }

    @Test("reset forgets what was learnt, also on disk, and not what an operator said [RT-13]")
    func reset() async throws {
        defer { fixture.store.close() }
        try await fixture.addMarked("main-1", 1) { facts, now in
            facts.brokenSince = now
            facts.counters.attempts = 5
        }
        let changes = try await fixture.keys.reset(Selection("main-1"), .real)
        #expect(changes.items.map(\.outcome) == ["reset"])
        #expect(changes.items.map(\.item.state) == [.usable])
        #expect(try await fixture.keys.reset(Selection("main-1"), .real).items.map(\.changed) == [false])
        try await fixture.store.transact { _ in }
        #expect(try fixture.store.loadKeys().first?.facts.counters.attempts == 5)
        #expect(try fixture.store.loadKeys().first?.facts.brokenSince == nil)
    }

    @Test("removal takes the secret at once and leaves the name for what the key did [KP-05, K-36]")
    func remove() async throws {
        defer { fixture.store.close() }
        let id = try #require(try await fixture.add("main-1", 1).items.first).item.id
        #expect(try await fixture.keys.remove(Selection("main-1"), .real).items.map(\.outcome) == ["removed"])
        #expect(try await fixture.names().isEmpty)
        #expect(fixture.box.decide { engine, _ in engine.count } == 0)
        #expect(try fixture.store.loadKeys().isEmpty)
        let names = try fixture.store.readNow { try Tombstones.names(.key, [id.raw], $0) }
        #expect(names == [id.raw: "main-1"])
        #expect(
            await fixture.code { _ = try await fixture.keys.remove(Selection("main-1"), .real) }
                == .keyNotFound)
        #expect(try await fixture.keys.remove(Selection("main-1", ifExists: true), .real).items.isEmpty)
    }

    @Test("prune removes by state and age, within the guard [KP-08]")
    func prune() async throws {
        defer { fixture.store.close() }
        let now = fixture.clock.now.wall
        for number in 1...20 {
            let id = try #require(try await fixture.add("k\(number)", number).items.first).item.id
            guard number <= 12 else { continue }
            let age: Int64 = number == 12 ? 1 : 40
            try fixture.mark(id) { $0.invalidSince = now.advanced(byMilliseconds: -age * 86_400_000) }
        }
        var rule = Prune()
        rule.states = [.invalid]
        rule.olderThan = "30d"
        #expect(await fixture.code { _ = try await fixture.keys.prune(rule, .real) } == .tooMany)
        #expect(try await fixture.names().count == 20)
        rule.max = "11"
        #expect(try await fixture.keys.prune(rule, .real).items.count == 11)
        #expect(try await fixture.names().count == 9)
        rule.olderThan = nil
        #expect(try await fixture.keys.prune(rule, .real).items.map(\.item.name) == ["k12"])
        rule.states = [.usable]
        rule.max = "100"
        #expect(await fixture.code { _ = try await fixture.keys.prune(rule, .real) } == .tooMany)
        rule.max = "none"
        #expect(try await fixture.keys.prune(rule, .real).items.count == 8)
    }

    @Test("test tells what upstream says, and a valid answer marks the key as checked [KP-18]")
    func test() async throws {
        defer { fixture.store.close() }
        fixture.upstream.answer(1, .unreachable(reason: "down"))
        try await fixture.add("a", 1)
        try await fixture.add("b", 2)
        try await fixture.add("c", 3)
        var info = KeyInfo()
        info.label = "prod"
        info.limitRemaining = Money(pico: 87_410_000_000_000)
        fixture.upstream.answer(1, .valid(info))
        fixture.upstream.answer(2, .rejected(status: 401, message: "No auth"))
        fixture.upstream.answer(3, .limited)
        let tests = try await fixture.keys.test(Selection("*"), .real)
        #expect(tests.map(\.name) == ["a", "b", "c"])
        #expect(tests.map(\.result) == ["valid", "rejected", "limited"])
        #expect(tests.first?.limitRemaining == "87.41")
        #expect(try await fixture.view("a")?.checked == true)
    }

    @Test("test tells of a key that can serve nobody, and such a key is doubted, not confirmed")
    func useless() async throws {
        defer { fixture.store.close() }
        for number in 1...2 { fixture.upstream.answer(number, .unreachable(reason: "down")) }
        try await fixture.add("manager", 1)
        try await fixture.add("old", 2)
        var info = KeyInfo()
        info.isManagement = true
        fixture.upstream.answer(1, .valid(info))
        info.isManagement = false
        info.expiresAt = "2001-01-01T00:00:00Z"
        fixture.upstream.answer(2, .valid(info))
        let tests = try await fixture.keys.test(Selection("*"), .real)
        #expect(tests.map(\.result) == ["management", "expired"])
        #expect(
            tests.map(\.message) == [
                ErrorCode.managementKey.entry.title, "the key expired at 2001-01-01T00:00:00Z",
            ])
        let views = try await fixture.keys.list(KeyQuery()).items
        #expect(views.map(\.state) == [.suspect, .suspect] && views.allSatisfy { !$0.checked })
        // Seen again ten minutes later, while other keys are good, it is given up.
        fixture.clock.advance(milliseconds: 600_000)
        for number in 3...9 { try await fixture.add("good-\(number)", number) }
        _ = try await fixture.keys.test(Selection("good-*"), .real)
        _ = try await fixture.keys.test(Selection("manager"), .real)
        #expect(try await fixture.view("manager")?.state == .invalid)
    }

    @Test("history is newest first, page by page, also of a key that is gone")
    func history() async throws {
        defer { fixture.store.close() }
        try await fixture.add("main-1", 1)
        for _ in 0..<3 {
            _ = try await fixture.keys.disable(Selection("main-1"), .real)
            fixture.clock.advance(milliseconds: 1000)
            _ = try await fixture.keys.enable(Selection("main-1"), .real)
        }
        _ = try await fixture.keys.remove(Selection("main-1"), .real)
        var words: [String] = []
        var cursor: String?
        repeat {
            let page = try await fixture.keys.history(of: "main-1", PageQuery(limit: 4, cursor: cursor))
            words += page.items.map(\.to)
            cursor = page.next
        } while cursor != nil
        #expect(words == ["usable", "disabled", "usable", "disabled", "usable", "disabled"])
        #expect(
            await fixture.code { _ = try await fixture.keys.history(of: "nobody", PageQuery()) }
                == .keyNotFound)
    }
}
