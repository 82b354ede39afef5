import Foundation
import Testing

@testable import ORKit

/// Who may change a key's state, and what follows from an operator's word.
@Suite("Legal transitions")
struct TransitionAuthorTests {
    @Test("docs/pool.md shows the table as it is")
    func page() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appendingPathComponent("docs/pool.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
        #expect(rows.contains(["from"] + KeyState.allCases.map(\.rawValue)))
        for from in KeyState.allCases {
            let cells = KeyState.allCases.map { to in
                TransitionAuthor.allCases.filter { $0.ends(from: from).contains(to) }
                    .map { String($0.rawValue.prefix(1)) }.joined(separator: " ")
            }
            #expect(rows.contains([from.rawValue] + cells), "\(from) \(cells)")
        }
    }

    @Test("nobody leads from a state to itself; the engine leaves alone what an operator decided")
    func sense() {
        for author in TransitionAuthor.allCases {
            for state in KeyState.allCases { #expect(!author.ends(from: state).contains(state)) }
        }
        for state in KeyState.allCases {
            #expect(!TransitionAuthor.engine.ends(from: state).contains(.disabled))
            // Whatever may be declared can be reached by orders too: a word has no power of its own but this.
            let more = TransitionAuthor.declaration.ends(from: state)
                .subtracting(TransitionAuthor.order.ends(from: state))
            #expect(more == [])
        }
    }

    // What histories of the simulation seldom or never come to

    static let seldom: Set<String> = [
        "resting to broken", "exhausted to broken", "suspect to broken", "broken to resting",
        "broken to exhausted", "broken to suspect", "broken to invalid", "exhausted to resting",
    ]

    @Test(
        "a key that is limited, spent or rejected may break, and be that again when it is mended or not spent"
    )
    func mixed() throws {
        var seen: Set<String> = []
        for late in [Late.limit, .budget, .rejection] {
            var key = try failing()
            end(key.early, late, &key.desk)
            key.desk.end(key.last, .broken(key.desk.verdict(502)))
            #expect(key.desk.state(1) == .broken)
            seen.formUnion(told(key.desk))

            key = try failing()
            key.desk.end(key.last, .broken(key.desk.verdict(502)))
            key.desk.wait(seconds: 61)
            let trial = try key.desk.lease()
            #expect(trial.choice == .trial)
            end(key.early, late, &key.desk)
            key.desk.end(trial)
            seen.formUnion(told(key.desk))
        }
        var key = try failing()
        key.desk.end(key.last, .broken(key.desk.verdict(502)))
        end(key.early, .rejection, &key.desk)
        key.desk.effects += key.desk.engine.checked(KeyID(1), valid: false, at: key.desk.now)
        key.desk.wait(seconds: 601)
        key.desk.request()
        key.desk.effects += key.desk.engine.checked(KeyID(1), valid: false, at: key.desk.now)
        #expect(key.desk.state(1) == .invalid)
        seen.formUnion(told(key.desk))

        // What is spent is back sooner than what is limited.
        key = try failing()
        end(key.early, .budget, &key.desk)
        end(key.last, .limit, &key.desk)
        #expect(key.desk.state(1) == .exhausted)
        key.desk.wait(seconds: 61)
        key.desk.request()
        #expect(key.desk.state(1) == .resting)
        seen.formUnion(told(key.desk))
        #expect(Self.seldom.subtracting(seen) == [])
    }

    /// What a late answer says of its key.
    private enum Late { case limit, budget, rejection }

    private func end(_ lease: Lease, _ late: Late, _ desk: inout EngineDesk) {
        let verdict =
            switch late {
            case .limit: desk.verdict(403, EngineDesk.keyLimit)
            case .budget: desk.verdict(402, retryAfter: "600", model: "v/m:free")
            case .rejection: desk.verdict(401)
            }
        desk.end(lease, .broken(verdict))
    }

    /// Key 1 is one failure short of broken, and has two requests under way.
    private struct Failing {
        var desk: EngineDesk
        var early: Lease
        var last: Lease
    }

    private func failing() throws -> Failing {
        var desk = EngineDesk(keys: 3, strategy: .roundRobin)
        let early = try lease("v/m:free", &desk)
        let last = try lease(EngineDesk.model, &desk)
        for _ in 0..<20 where try desk.facts(1).counters.consecutiveFailures < 4 {
            desk.request { $0 == 1 ? .status(502) : .ok }
        }
        return Failing(desk: desk, early: early, last: last)
    }

    private func lease(_ model: String, _ desk: inout EngineDesk) throws -> Lease {
        for _ in 0..<9 {
            let lease = try desk.lease(model)
            if lease.key == KeyID(1) { return lease }
            desk.end(lease)
        }
        throw EngineDesk.Refused()
    }

    /// Transitions of key 1, all of which the engine may make.
    private func told(_ desk: EngineDesk) -> [String] {
        desk.transitions.filter { $0.key == KeyID(1) }.map { step in
            #expect(TransitionAuthor.engine.ends(from: step.from).contains(step.to))
            return "\(step.from) to \(step.to)"
        }
    }

    // An operator's word

    private func declare(_ desk: inout EngineDesk, _ key: Int) {
        desk.apply(.giveUp(KeyID(Int64(key)), because: "revoked", trigger: "set-state"))
    }

    @Test(
        "a suspect that an operator gives up is invalid at once, is asked about no more, and can be taken back"
    )
    func givenUp() throws {
        var desk = EngineDesk(keys: 2)
        desk.request { $0 == 1 ? .status(401) : .ok }
        declare(&desk, 1)
        #expect(desk.state(1) == .invalid && desk.engine.suspects(at: desk.now) == [])
        let last = try #require(desk.transitions.last)
        #expect((last.from, last.to, last.trigger) == (.suspect, .invalid, "set-state"))
        #expect(last.evidence == "revoked" && desk.kept.last == KeyID(1))
        desk.wait(seconds: 10_000_000)
        desk.tick()
        #expect(desk.request().keys == [2])
        let mark = try #require(try desk.facts(1).lastMark(at: desk.now.wall))
        #expect(mark.kind == .invalid && mark.rest.rule == "set-state")
        desk.apply(.undo(KeyID(1), mark, trigger: "undo"))
        #expect(desk.state(1) == .usable)
        #expect(try desk.facts(1).rests == [])
    }

    @Test("what a key that is given up was held to before shows again when the word is taken back")
    func covered() throws {
        var desk = EngineDesk(keys: 3, strategy: .roundRobin)
        for _ in 0..<30 where desk.state(1) != .broken { desk.request { $0 == 1 ? .status(502) : .ok } }
        desk.wait(seconds: 1)
        declare(&desk, 1)
        #expect(desk.state(1) == .invalid)
        let mark = try #require(try desk.facts(1).lastMark(at: desk.now.wall))
        desk.apply(.undo(KeyID(1), mark, trigger: "undo"))
        #expect(desk.state(1) == .broken)
    }

    @Test("nothing is asked about a key that was given up, also when it has a long stated rest")
    func reports() {
        var desk = EngineDesk(keys: 2)
        let limit = #"{"error":{"code":403,"message":"Key limit exceeded (monthly limit)."}}"#
        desk.request { $0 == 1 ? .status(403, limit) : .ok }
        desk.wait(seconds: 601)
        #expect(desk.engine.reportsDue(at: desk.now, limit: 9) == [KeyID(1)])
        declare(&desk, 1)
        #expect(desk.engine.reportsDue(at: desk.now, limit: 9) == [])
    }

    @Test("a word is refused where it would not be true")
    func objections() {
        var desk = EngineDesk(keys: 3) { record in
            if record.id.raw == 2 { record.provider = "other" }
            if record.id.raw == 3 { record.quota = Quota(requests: 1, tokens: nil, window: .day) }
        }
        func objection(_ key: Int64, _ state: KeyState) -> DeclarationObjection? {
            desk.engine.objection(to: state, of: KeyID(key), at: desk.now)
        }
        #expect(
            objection(1, .usable) == nil && objection(1, .invalid) == nil && objection(1, .disabled) == nil)
        for state in [KeyState.resting, .exhausted, .suspect, .broken] {
            #expect(objection(1, state) == .illegal(from: .usable))
        }
        #expect(objection(2, .usable) == .notServed && objection(2, .invalid) == nil)
        desk.apply(.update(EngineDesk.record(1) { $0.enabled = false }, trigger: "disable"))
        #expect(objection(1, .invalid) == .illegal(from: .disabled))
        #expect(desk.request().keys == [3])
        #expect(desk.state(3) == .exhausted && objection(3, .usable) == .quotaSpent)
        #expect(objection(3, .exhausted) == nil && objection(9, .usable) == nil)
    }
}
