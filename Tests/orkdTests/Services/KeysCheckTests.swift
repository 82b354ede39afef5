import ORKit
import Testing

@testable import orkd

@Suite("keys: asked about by the daemon itself")
struct KeysCheckTests {
    private let fixture: KeysFixture

    init() throws { fixture = try KeysFixture() }

    private func state(_ key: String) async throws -> KeyState? { try await fixture.view(key)?.state }

    /// A key that was answered 401 a moment ago.
    private func addSuspect(_ name: String, _ number: Int) async throws {
        try await fixture.addMarked(name, number) { facts, now in
            facts.suspectSince = now
            facts.rests = [
                Rest(
                    scope: .key, model: nil, cause: .rejected, until: now, since: now, stated: false,
                    guesses: 1, rule: "401-rejected", evidence: "401")
            ]
        }
    }

    /// A key whose limit is spent for 30 days, as the upstream said.
    private func addSpent(_ name: String, _ number: Int) async throws {
        try await fixture.addMarked(name, number) { facts, now in
            facts.rests = [
                Rest(
                    scope: .key, model: nil, cause: .keyLimit,
                    until: now.advanced(byMilliseconds: 30 * 86_400_000), since: now, stated: true,
                    guesses: 0, rule: "403-key-limit-monthly", evidence: "403")
            ]
        }
    }

    @Test("a suspect is asked about at once: a good answer clears it, a 401 and silence do not")
    func suspects() async throws {
        defer { fixture.store.close() }
        for (place, name) in ["good", "dead", "silent", "sound"].enumerated() {
            if name == "sound" {
                try await fixture.add(name, place)
            } else {
                try await addSuspect(name, place)
            }
        }
        fixture.upstream.answer(1, .rejected(status: 401, message: "User not found."))
        fixture.upstream.answer(2, .unreachable(reason: "connection refused"))
        let before = fixture.upstream.asked
        #expect(await fixture.keys.check() == 3)
        #expect(fixture.upstream.asked == before + 3)
        #expect(try await state("good") == .usable)
        #expect(try await state("dead") == .suspect)
        #expect(try await state("silent") == .suspect)
        #expect(await fixture.keys.check() == 0)
        fixture.clock.advance(milliseconds: 5000)
        #expect(await fixture.keys.check() == 2)
    }

    @Test(
        "a long stated rest is looked into after ten minutes, and ends when something is left again [ruling 14]"
    )
    func reports() async throws {
        defer { fixture.store.close() }
        try await addSpent("raised", 1)
        try await addSpent("spent", 2)
        var info = KeyInfo()
        info.report.hasKeyLimitLeft = true
        fixture.upstream.answer(1, .valid(info))
        #expect(await fixture.keys.check() == 0)
        fixture.clock.advance(milliseconds: 600_000)
        #expect(await fixture.keys.check() == 2)
        #expect(try await state("raised") == .usable)
        #expect(try await state("spent") == .exhausted)
        #expect(await fixture.keys.check() == 0)
        fixture.clock.advance(milliseconds: 1_199_000)
        #expect(await fixture.keys.check() == 0)
        fixture.clock.advance(milliseconds: 1000)
        #expect(await fixture.keys.check() == 1)
    }

    @Test("whom upstream does not answer for is not asked about again at once")
    func silence() async throws {
        defer { fixture.store.close() }
        try await addSpent("spent", 1)
        fixture.upstream.answer(1, .unreachable(reason: "no answer in time"))
        fixture.clock.advance(milliseconds: 600_000)
        #expect(await fixture.keys.check() == 1)
        #expect(await fixture.keys.check() == 0)
        #expect(try await state("spent") == .exhausted)
    }

    @Test("of many that are due a bounded number is asked about in one go")
    func many() async throws {
        defer { fixture.store.close() }
        for number in 1...70 { try await addSuspect("k\(number)", number) }
        #expect(await fixture.keys.check() == 64)
        #expect(await fixture.keys.check() == 6)
        let now = fixture.clock.now
        #expect(fixture.box.decide { engine, _ in engine.tally(at: now)[.usable] } == 70)
    }

    @Test("a key is asked about once in the interval, a few at a time; what is told is kept over a restart")
    func rounds() async throws {
        var settings = EngineSettings()
        settings.reportEvery = 3_600_000
        let fixture = try KeysFixture(settings: settings)
        defer { fixture.store.close() }
        for number in 1...20 { try await fixture.add("k\(number)", number) }
        var info = KeyInfo()
        info.limitRemaining = Money(pico: 7)
        for number in 1...20 { fixture.upstream.answer(number, .valid(info)) }
        let before = fixture.upstream.asked
        fixture.clock.advance(milliseconds: 1_790_000)
        #expect(await fixture.keys.check() == 0)
        fixture.clock.advance(milliseconds: 1_811_000)
        #expect(await fixture.keys.check() == 8)
        #expect(await fixture.keys.check() == 8)
        #expect(await fixture.keys.check() == 4)
        #expect(await fixture.keys.check() == 0 && fixture.upstream.asked == before + 20)
        let now = fixture.clock.now.wall
        #expect(try fixture.store.loadKeys().allSatisfy { $0.toldAt == now })
        let quotas = try await QuotasService(fixture.keys).list(QuotaQuery(select: ["k3"], page: PageQuery()))
        #expect(quotas.items.first?.upstream?.left == Money(pico: 7).decimal)
    }

    @Test("an answer says whose a key is; what an operator said stays")
    func accounts() async throws {
        defer { fixture.store.close() }
        var info = KeyInfo()
        info.account = "user_a"
        fixture.upstream.answer(1, .valid(info))
        fixture.upstream.answer(2, .valid(info))
        #expect(try await fixture.add("checked", 1).items.first?.item.account == "user_a")
        var add = KeyAdd(name: "told", secret: KeysFixture.secret(2))
        add.account = "core"
        #expect(try await fixture.keys.add(add, .real).items.first?.item.account == "core")
        try await fixture.add("later", 3)
        fixture.upstream.answer(3, .valid(info))
        _ = try await fixture.keys.test(Selection("later"), .real)
        try await fixture.store.transact { _ in }
        #expect(try await fixture.view("later")?.account == "user_a")
        #expect(try await fixture.audit().last == "keys.account later")
    }
}
