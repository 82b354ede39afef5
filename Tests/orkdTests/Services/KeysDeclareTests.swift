import ORKit
import Testing

@testable import orkd

@Suite("keys: their state by an operator's word")
struct KeysDeclareTests {
    private let fixture: KeysFixture

    init() throws { fixture = try KeysFixture() }

    /// A key in that state, as the engine or an operator would have left it.
    private func add(_ name: String, _ number: Int, in state: KeyState) async throws {
        try await fixture.addMarked(name, number) { facts, now in
            func rest(_ cause: Cause) -> Rest {
                Rest(
                    scope: .key, model: nil, cause: cause, until: now.advanced(byMilliseconds: 3_600_000),
                    since: now, stated: true, guesses: 0, rule: "r", evidence: "e")
            }
            switch state {
            case .usable, .disabled: break
            case .resting: facts.rests = [rest(.rateLimited)]
            case .exhausted: facts.rests = [rest(.creditsOut)]
            case .suspect: (facts.suspectSince, facts.rests) = (now, [rest(.rejected)])
            case .broken: (facts.brokenSince, facts.rests) = (now, [rest(.upstreamError)])
            case .invalid: (facts.invalidSince, facts.rests) = (now, [rest(.rejected)])
            }
        }
        if state == .disabled { _ = try await fixture.keys.disable(Selection(name), .real) }
        #expect(try await fixture.view(name)?.state == state)
    }

    @Test("from every state each word is kept, or refused with nothing changed, as the table says")
    func all() async throws {
        defer { fixture.store.close() }
        var number = 0
        for from in KeyState.allCases {
            for to in KeyState.allCases {
                number += 1
                let name = "k\(number)"
                try await add(name, number, in: from)
                let before = try await fixture.audit().count
                let isLegal = TransitionAuthor.declaration.ends(from: from).contains(to)
                let declaration = KeyDeclaration(select: [name], state: to)
                let code = await fixture.code {
                    let item = try #require(try await fixture.keys.setState(declaration, .real).items.first)
                    #expect(item.changed == isLegal && item.item.state == to, "\(from) to \(to)")
                    #expect(item.outcome == (isLegal ? to.rawValue : "unchanged"))
                }
                #expect(code == (isLegal || from == to ? nil : .illegalTransition), "\(from) to \(to)")
                let end = isLegal ? to : from
                #expect(try await fixture.view(name)?.state == end, "\(from) to \(to)")
                #expect(try await fixture.audit().count == before + (isLegal ? 1 : 0))
                guard isLegal else { continue }
                let told = try await fixture.keys.history(of: name, PageQuery()).items.first
                #expect(
                    told?.trigger == "set-state" && told?.from == from.rawValue && told?.to == to.rawValue)
                let row = try #require(try fixture.store.loadKeys().first { $0.id.raw == Int64(number) })
                #expect(
                    (row.facts.invalidSince != nil) == (end == .invalid) && row.enabled == (end != .disabled))
            }
        }
    }

    @Test(
        "of many, one that cannot be is named, and none is changed; nor by a dry run, nor at another version")
    func whole() async throws {
        defer { fixture.store.close() }
        try await add("a", 1, in: .suspect)
        try await add("b", 2, in: .disabled)
        var declaration = KeyDeclaration(select: ["*"], state: .invalid)
        do {
            _ = try await fixture.keys.setState(declaration, .real)
            Issue.record("a disabled key was given up")
        } catch let error as CodedError {
            #expect(error.code == .illegalTransition && error.message.contains("“b” is disabled"))
            #expect(error.hints.first?.hasSuffix("orkctl keys enable b") == true)
        }
        declaration.select = ["a"]
        #expect(try await fixture.keys.setState(declaration, .trial).items.map(\.outcome) == ["invalid"])
        declaration.ifVersion = 7
        #expect(
            await fixture.code { _ = try await fixture.keys.setState(declaration, .real) } == .versionLost)
        #expect(try await fixture.view("a")?.state == .suspect)
        declaration.ifVersion = 1
        declaration.reason = "revoked"
        let given = try #require(try await fixture.keys.setState(declaration, .real).items.first)
        #expect(given.item.state == .invalid && given.item.evidence == "set-state: revoked")
        #expect(try await fixture.audit().last == "keys.set-state a")
    }

    @Test(
        "usable enables a key and forgets what is held against it, in one transition"
    )
    func usable() async throws {
        defer { fixture.store.close() }
        try await add("a", 1, in: .broken)
        _ = try await fixture.keys.disable(Selection("a", reason: "odd"), .real)
        let declaration = KeyDeclaration(select: ["a"], state: .usable)
        let item = try #require(try await fixture.keys.setState(declaration, .real).items.first).item
        #expect(item.state == .usable && item.enabled && item.disabledReason == nil)
        let told = try await fixture.keys.history(of: "a", PageQuery()).items.prefix(2)
        #expect(told.map { "\($0.from) \($0.to)" } == ["disabled usable", "broken disabled"])
    }
}
