import ORKit
import Testing

@testable import orkd

@Suite("keys: add")
struct KeysAddTests {
    private let fixture: KeysFixture

    init() throws { fixture = try KeysFixture() }

    @Test(
        "an added key is on disk, in the engine and in the audit trail, and never in the answer [KP-01, KP-15]"
    )
    func added() async throws {
        defer { fixture.store.close() }
        let changes = try await fixture.add("main-1", 1)
        let view = try #require(changes.items.first)
        #expect(view.outcome == "added")
        #expect(view.changed)
        #expect(view.item.state == .usable)
        #expect(view.item.checked)
        #expect(view.item.masked == "sk-or-v1-…cdef")
        #expect(changes.warnings.isEmpty)
        #expect(fixture.box.decide { engine, _ in engine.count } == 1)
        #expect(try await fixture.audit() == ["keys.add main-1"])
    }

    @Test("the same key twice is unchanged and asked about once [K-09]")
    func twice() async throws {
        defer { fixture.store.close() }
        try await fixture.add("main-1", 1)
        let again = try await fixture.add("main-1", 1)
        #expect(again.items.map(\.outcome) == ["unchanged"])
        #expect(again.items.map(\.changed) == [false])
        #expect(fixture.upstream.asked == 1)
        #expect(try await fixture.audit().count == 1)
    }

    @Test("the same secret under another name is unchanged, with a remark")
    func otherName() async throws {
        defer { fixture.store.close() }
        try await fixture.add("main-1", 1)
        let again = try await fixture.add("main-2", 1)
        #expect(again.items.map(\.item.name) == ["main-1"])
        #expect(again.warnings.map(\.code) == [.duplicate])
    }

    @Test("a disabled key that is added again is reactivated [KP-10]")
    func reactivated() async throws {
        defer { fixture.store.close() }
        try await fixture.add("main-1", 1)
        _ = try await fixture.keys.disable(Selection("main-1"), .real)
        let again = try await fixture.add("main-1", 1)
        #expect(again.items.map(\.outcome) == ["reactivated"])
        #expect(again.items.map(\.item.state) == [.usable])
    }

    @Test("a key that was given up and is added again begins anew [KP-10]")
    func revived() async throws {
        defer { fixture.store.close() }
        try await fixture.addMarked("main-1", 1) { facts, now in
            facts.invalidSince = now
            facts.counters.consecutiveFailures = 4
        }
        #expect(try await fixture.view("main-1")?.state == .invalid)
        let again = try await fixture.add("main-1", 1)
        #expect(again.items.map(\.outcome) == ["reactivated"])
        #expect(again.items.map(\.item.state) == [.usable])
        #expect(again.items.map(\.item.counters.consecutiveFailures) == [0])
    }

    @Test("a name that another secret has is a conflict, told before upstream is asked")
    func conflict() async throws {
        defer { fixture.store.close() }
        try await fixture.add("main-1", 1)
        #expect(await fixture.code { try await fixture.add("main-1", 2) } == .keyExists)
        #expect(fixture.upstream.asked == 1)
    }

    @Test("a key that upstream rejects is refused, unless nobody asks")
    func rejected() async throws {
        defer { fixture.store.close() }
        fixture.upstream.answer(1, .rejected(status: 401, message: "No auth"))
        #expect(await fixture.code { try await fixture.add("main-1", 1) } == .keyRejected)
        #expect(try await fixture.names().isEmpty)
        var request = KeyAdd(name: "main-1", secret: KeysFixture.secret(1))
        request.check = false
        let changes = try await fixture.keys.add(request, .real)
        #expect(changes.items.map(\.item.checked) == [false])
    }

    @Test("a key that can serve nobody is refused by its own code, and so is its secret for another key")
    func useless() async throws {
        defer { fixture.store.close() }
        var info = KeyInfo()
        info.isManagement = true
        fixture.upstream.answer(1, .valid(info))
        info.isManagement = false
        info.expiresAt = fixture.clock.now.wall.rfc3339
        fixture.upstream.answer(2, .valid(info))
        #expect(await fixture.code { try await fixture.add("main-1", 1) } == .managementKey)
        #expect(await fixture.code { try await fixture.add("main-1", 2) } == .keyExpired)
        #expect(try await fixture.names().isEmpty)
        try await fixture.add("main-1", 3)
        for (number, code) in [(1, ErrorCode.managementKey), (2, .keyExpired)] {
            let request = KeyRotate(select: ["main-1"], secret: KeysFixture.secret(number))
            #expect(await fixture.code { _ = try await fixture.keys.rotate(request, .real) } == code)
        }
    }

    @Test("a key that cannot be checked is added as unchecked, with a warning")
    func unreachable() async throws {
        defer { fixture.store.close() }
        fixture.upstream.answer(1, .unreachable(reason: "no route"))
        let changes = try await fixture.add("main-1", 1)
        #expect(changes.items.map(\.item.checked) == [false])
        #expect(changes.warnings.map(\.code) == [.keyUnchecked])
    }

    @Test("a dry run adds nothing anywhere")
    func dryRun() async throws {
        defer { fixture.store.close() }
        let changes = try await fixture.add("main-1", 1, .trial)
        #expect(changes.items.map(\.outcome) == ["added"])
        #expect(try await fixture.names().isEmpty)
        #expect(fixture.box.decide { engine, _ in engine.count } == 0)
        #expect(try await fixture.audit().isEmpty)
    }

    @Test(
        "a bad name is refused",
        arguments: [
            "", "a b", "12", "sk-or-v1-x", "gw_live_abc", "-x", "a/b", "ä", String(repeating: "x", count: 65),
        ])
    func badNames(_ name: String) async throws {
        defer { fixture.store.close() }
        #expect(await fixture.code { try await fixture.add(name, 1) } == .badValue)
    }

    @Test(
        "what cannot be a key is refused and not repeated",
        arguments: [
            "", "tiny", "has white space inside it", "umlaut-äääääääääääääääää", "tab\tinside-0123456789abc",
        ])
    func badSecrets(_ secret: String) async throws {
        defer { fixture.store.close() }
        do {
            _ = try await fixture.keys.add(KeyAdd(name: "main-1", secret: secret), .real)
            Issue.record("it was taken")
        } catch let error as CodedError {
            #expect(error.code == .badFormat)
            #expect(secret.isEmpty || !error.message.contains(secret))
        }
    }

    @Test("keys from the environment come once, and stay as the operator left them [KP-19]")
    func seed() async throws {
        defer { fixture.store.close() }
        let secrets = [1, 2, 1].map { Secret(KeysFixture.secret($0).utf8) }
        #expect(try await fixture.keys.seed(secrets, prefix: "env-", by: Order.real.actor) == 2)
        _ = try await fixture.keys.disable(Selection("env-*"), .real)
        #expect(try await fixture.keys.seed(secrets, prefix: "env-", by: Order.real.actor) == 0)
        #expect(try await fixture.keys.list(KeyQuery(states: [.disabled])).items.count == 2)
    }
}
