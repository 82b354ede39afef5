import Testing

@testable import ORKit

/// What automation holds against a key, told and taken back.
@Suite("Marks of verdicts")
struct KeyMarkTests {
    private func last(_ desk: EngineDesk, _ key: Int) throws -> KeyMark? {
        try desk.facts(key).lastMark(at: desk.now.wall)
    }

    private func undo(_ desk: inout EngineDesk, _ key: Int) throws -> KeyMark? {
        guard let mark = try last(desk, key) else { return nil }
        desk.apply(.undo(KeyID(Int64(key)), mark, trigger: "undo"))
        return mark
    }

    private func told(_ desk: EngineDesk) -> [(Int, KeyMark)] {
        desk.effects.compactMap { effect in
            if case .marked(let key, let mark, _) = effect { (Int(key.raw), mark) } else { nil }
        }
    }

    @Test("a rest of one model is told as a verdict although the key's state stays, and is taken back alone")
    func model() throws {
        var desk = EngineDesk(keys: 2)
        desk.request { $0 == 1 ? .status(429, retryAfter: "600") : .ok }
        desk.wait(seconds: 1)
        desk.request("v/n") { _ in .status(429, retryAfter: "600") }
        #expect(desk.state(1) == .usable)
        let marks = told(desk).filter { $0.0 == 1 }.map(\.1)
        #expect(marks.map(\.rest.model) == [EngineDesk.model, "v/n"])
        #expect(marks.allSatisfy { $0.kind == .rest && $0.rest.stated && !$0.rest.rule.isEmpty })
        #expect(try undo(&desk, 1)?.rest.model == "v/n")
        #expect(try desk.facts(1).rests.map(\.model) == [EngineDesk.model])
        #expect(try undo(&desk, 1)?.rest.model == EngineDesk.model)
        #expect(try undo(&desk, 1) == nil)
        #expect(try last(desk, 2)?.rest.model == "v/n")
    }

    @Test("what is about an account is taken back on all its keys, and on no other's")
    func account() throws {
        var desk = EngineDesk(keys: 3) { $0.account = $0.id.raw < 3 ? "a" : "b" }
        desk.request("v/m:free") { _ in .status(429, EngineDesk.freeDaily) }
        #expect(try (1...3).map { try last(desk, $0)?.rest.scope } == [.account, .account, .account])
        #expect(told(desk).count == 2)
        #expect(try undo(&desk, 2) != nil)
        #expect(try last(desk, 1) == nil && last(desk, 2) == nil)
        #expect(try last(desk, 3) != nil)
        #expect(desk.kept.suffix(2) == [KeyID(1), KeyID(2)])
        #expect(desk.request("v/m:free").keys == [1])
    }

    @Test("a suspicion is taken back, and no check asks about the key any more")
    func suspicion() throws {
        var desk = EngineDesk(keys: 2)
        desk.request { $0 == 1 ? .status(401) : .ok }
        #expect(told(desk).map(\.1.kind) == [.suspect])
        #expect(desk.engine.suspects(at: desk.now) == [KeyID(1)])
        #expect(try undo(&desk, 1)?.kind == .suspect)
        #expect(desk.state(1) == .usable && desk.engine.suspects(at: desk.now) == [])
        #expect(desk.transitions.last?.trigger == "undo")
        #expect(try desk.facts(1).rests == [])
    }

    @Test("a key that was given up comes back whole: the suspicion was the same matter")
    func invalid() throws {
        var desk = EngineDesk(keys: 3)
        desk.request { $0 == 1 ? .status(401) : .ok }
        desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
        desk.wait(seconds: 601)
        desk.request()
        desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
        #expect(desk.state(1) == .invalid)
        #expect(told(desk).map(\.1.kind) == [.suspect, .invalid])
        #expect(try undo(&desk, 1)?.kind == .invalid)
        #expect(desk.state(1) == .usable)
        #expect(try undo(&desk, 1) == nil)
    }

    @Test("a broken key is mended, and needs as many failures as any other to break again")
    func broken() throws {
        var desk = EngineDesk(keys: 3, strategy: .roundRobin)
        for _ in 0..<30 where desk.state(1) != .broken { desk.request { $0 == 1 ? .status(502) : .ok } }
        #expect(told(desk).map(\.1.kind) == [.broken])
        #expect(try undo(&desk, 1)?.kind == .broken)
        #expect(desk.state(1) == .usable)
        #expect(try desk.facts(1).counters.consecutiveFailures == 0)
        for _ in 0..<6 { desk.request { $0 == 1 ? .status(502) : .ok } }
        #expect(desk.state(1) == .usable)
    }

    @Test("a guess is what nobody stated, apart from money and limits")
    func guesses() {
        func mark(_ kind: KeyMark.Kind, _ cause: Cause, stated: Bool) -> KeyMark {
            KeyMark(
                kind: kind,
                rest: Rest(
                    scope: .key, model: nil, cause: cause, until: nil, since: WallTime(milliseconds: 1),
                    stated: stated, guesses: 1, rule: "x", evidence: ""))
        }
        #expect(mark(.rest, .rateLimited, stated: false).isGuess)
        #expect(!mark(.rest, .rateLimited, stated: true).isGuess)
        #expect(!mark(.rest, .creditsOut, stated: false).isGuess)
        #expect(!mark(.rest, .keyLimit, stated: false).isGuess)
        #expect(mark(.broken, .upstreamError, stated: false).isGuess)
        // That one check has confirmed it is no statement of an end.
        #expect(mark(.suspect, .rejected, stated: true).isGuess)
        #expect(mark(.invalid, .rejected, stated: true).isGuess)
    }

    @Test("what came after is not taken back in its place")
    func overtaken() throws {
        var desk = EngineDesk(keys: 2)
        desk.request { $0 == 1 ? .status(429, retryAfter: "60") : .ok }
        let mark = try #require(try last(desk, 1))
        desk.wait(seconds: 5)
        desk.request("v/n") { _ in .status(429, retryAfter: "600") }
        desk.apply(.undo(KeyID(1), mark, trigger: "undo"))
        #expect(try desk.facts(1).rests.map(\.model) == ["v/n"])
        desk.apply(.undo(KeyID(1), mark, trigger: "undo"))
        #expect(try desk.facts(1).rests.map(\.model) == ["v/n"])
        desk.apply(.undo(KeyID(9), mark, trigger: "undo"))
    }

    @Test("a wave is what is alike and came within moments, of whatever key and model; from one key, its own")
    func wave() {
        func mark(_ second: Int64, _ words: String, _ model: String, _ kind: KeyMark.Kind = .rest) -> KeyMark
        {
            let rest = Rest(
                scope: .modelAtKey, model: model, cause: .rateLimited, until: nil,
                since: WallTime(milliseconds: second * 1000), stated: false, guesses: 1, rule: "429-bare",
                evidence: words)
            return KeyMark(kind: kind, rest: rest)
        }
        let marks: [(key: KeyID, mark: KeyMark)] = [
            (KeyID(1), mark(0, "wait 7 s", "v/m")), (KeyID(2), mark(1, "wait 8 s", "v/m")),
            (KeyID(3), mark(60, "Wait 700 s", "v/m")), (KeyID(4), mark(70, "wait 9 s", "v/n")),
            (KeyID(3), mark(79, "wait 1 s", "v/o")), (KeyID(5), mark(79, "not now", "v/m")),
            (KeyID(6), mark(80, "wait 1 s", "v/m", .suspect)), (KeyID(7), mark(81, "not now", "v/n")),
        ]
        func keys(from key: Int64?) -> [Int64] {
            KeyMark.wave(marks.shuffled(), from: key.map { KeyID($0) }, within: 10_000).map(\.key.raw)
        }
        #expect(keys(from: nil) == [5, 7])
        #expect(keys(from: 1) == [1, 2] && keys(from: 2) == [1, 2])
        #expect(keys(from: 3) == [3, 4, 3] && keys(from: 4) == [3, 4, 3])
        #expect(keys(from: 6) == [6] && keys(from: 9) == [])
        #expect(KeyMark.wave([], from: nil, within: 10_000).isEmpty)
    }
}
