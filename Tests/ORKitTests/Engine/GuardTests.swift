import Testing

@testable import ORKit

@Suite("Guards of the pool")
struct GuardTests {
    /// One key in each of so many accounts.
    private func accounts(_ count: Int, _ settings: EngineSettings = EngineSettings()) -> EngineDesk {
        EngineDesk(keys: count, strategy: .roundRobin, settings: settings) { $0.account = "a\($0.id.raw)" }
    }

    private func states(_ desk: EngineDesk, _ count: Int) -> [KeyState?] {
        (1...count).map { desk.state($0) }
    }

    // Correlation

    @Test("three accounts rejected alike are an incident: no mark is left, and all wait for one that tries")
    func rejections() throws {
        var desk = accounts(5)
        let course = desk.request { _ in .status(401) }
        #expect(course.keys == [1, 2, 3])
        #expect(course.refusal == Refusal(code: .keyRejected, retryAfterMilliseconds: 1000))
        #expect(states(desk, 5) == Array(repeating: .usable, count: 5))
        #expect(desk.engine.suspects(at: desk.now).isEmpty)
        #expect(desk.transitions.map(\.trigger).suffix(3) == ["incident", "incident", "incident"])
        #expect(desk.request().refusal == Refusal(code: .keyRejected, retryAfterMilliseconds: 1000))
        for wait in [1, 2, 4, 8, 8] as [Double] {
            desk.wait(seconds: wait)
            // One request asks three accounts, because one key may be bad by itself.
            #expect(Set(desk.request { _ in .status(401) }.keys).count == 3)
            #expect(desk.request().keys.isEmpty)
        }
        desk.wait(seconds: 8)
        for _ in 0..<2 { #expect(desk.request().isServed) }
        #expect(states(desk, 5) == Array(repeating: .usable, count: 5))
    }

    @Test("keys of one account, or of none, are no different accounts", arguments: ["a", nil])
    func sameAccount(account: String?) {
        var desk = EngineDesk(keys: 8) { $0.account = account }
        for _ in 0..<8 { desk.request { _ in .status(401) } }
        #expect(states(desk, 8) == Array(repeating: .suspect, count: 8))
    }

    @Test("a success in between makes them so many bad keys")
    func success() {
        var desk = accounts(12)
        for bad in 1...3 {
            desk.request { $0 == bad * 2 - 1 ? .status(401) : .ok }
        }
        #expect([1, 3, 5].allSatisfy { desk.state($0) == .suspect })
    }

    @Test("the success of a request that began before proves nothing")
    func oldSuccess() throws {
        var desk = accounts(6)
        let old = try desk.lease()
        let first = try desk.lease()
        let second = try desk.lease()
        let third = try desk.lease()
        let rejection = desk.verdict(401)
        desk.hear(first, rejection)
        desk.hear(second, rejection)
        desk.hear(old, .ok)
        desk.hear(third, rejection)
        #expect(states(desk, 6) == Array(repeating: .usable, count: 6))
    }

    @Test("limits without a time on many accounts close the model, not the keys")
    func bareLimits() throws {
        var desk = accounts(5)
        let course = desk.request { _ in .status(429) }
        #expect(course.keys.count == 3 && course.refusal?.status == 429)
        for key in 1...5 { #expect(try desk.facts(key).rests.isEmpty) }
        #expect(desk.request().refusal?.code == .upstreamRateLimited)
        #expect(desk.request("other/model").isServed)
        desk.wait(seconds: 1)
        #expect(desk.request().isServed)
    }

    @Test("an incident on several models is not over because the upstream says something else")
    func severalModels() throws {
        var desk = accounts(6)
        let leases = try ["a/one", "a/two", "a/three"].map { try desk.lease($0) }
        for lease in leases { desk.hear(lease, desk.verdict(429, model: lease.model)) }
        #expect(desk.request("a/four").refusal?.code == .upstreamRateLimited)
        desk.wait(seconds: 1)
        desk.request("a/four") { _ in .status(502) }
        // One at a time still shows whether it is over.
        let probe = try desk.lease("a/four")
        #expect(desk.request("a/five").refusal?.code == .upstreamRateLimited)
        desk.end(probe)
    }

    @Test("the same words with other numbers are the same trouble; other words are not")
    func alike() {
        for (words, isIncident) in [(["id 17", "id 4", "ID 123"], true), (["red", "green", "blue"], false)] {
            var desk = accounts(5)
            desk.request { .status(401, #"{"error":{"code":401,"message":"No \#(words[($0 - 1) % 3])"}}"#) }
            #expect(desk.transitions.contains { $0.trigger == "incident" } == isIncident, "\(words)")
        }
    }

    @Test("what is stated during an incident holds for the key that heard it")
    func statedInIncident() throws {
        var desk = accounts(5)
        #expect(desk.request { _ in .status(429, retryAfter: "99999999") }.keys == [1, 2, 3])
        #expect(states(desk, 5) == Array(repeating: .usable, count: 5))
        desk.wait(seconds: 1)
        let heard = desk.request { _ in .status(429, retryAfter: "900") }.keys
        #expect(!heard.isEmpty)
        for key in heard { #expect(try desk.facts(key).rests.map(\.stated) == [true]) }
    }

    @Test("stated times are never taken back")
    func stated() throws {
        var desk = accounts(4)
        desk.request { _ in .status(429, retryAfter: "600") }
        for key in 1...4 { #expect(try desk.restLeft(key) == 600) }
    }

    @Test("accounts without credit are an incident for paid models alone")
    func credits() {
        var desk = accounts(4)
        desk.request { _ in .status(402) }
        #expect(desk.request().refusal?.code == .accountCreditsOut)
        #expect(desk.request("v/m:free").isServed)
        #expect(states(desk, 4) == Array(repeating: .usable, count: 4))
    }

    @Test("an incident is forgotten after ten minutes: then it may be the keys after all")
    func expires() throws {
        var desk = accounts(5)
        desk.request { _ in .status(401) }
        desk.wait(seconds: 599)
        desk.request { _ in .status(401) }
        #expect(desk.state(4) == .usable)
        desk.wait(seconds: 601)
        var first: Int?
        desk.request { key in
            first = first ?? key
            return key == first ? .status(401) : .ok
        }
        #expect(desk.state(try #require(first)) == .suspect)
    }

    // Gates

    @Test("ten failures in a row close the gate before a model; one at a time tries it; success opens it")
    func gate() throws {
        var desk = EngineDesk(keys: 3)
        for _ in 0..<3 { desk.request { _ in .status(502) } }
        #expect(desk.request { _ in .status(502) }.keys.count == 1)
        #expect(
            desk.request().refusal == Refusal(code: .upstreamError, retryAfterMilliseconds: 1000, status: 502)
        )
        #expect(desk.request("other/model").isServed)
        desk.wait(seconds: 1)
        let probe = try desk.lease()
        #expect(desk.request().keys.isEmpty)
        desk.end(probe, .abandoned)
        #expect(desk.request { _ in .status(502) }.keys.count == 1)
        desk.wait(seconds: 1.9)
        #expect(desk.request().keys.isEmpty)
        desk.wait(seconds: 0.1)
        for _ in 0..<2 { #expect(desk.request().isServed) }
    }

    @Test("a cut network closes the gate for all models, and any word of the upstream opens it")
    func network() {
        var desk = EngineDesk(keys: 3)
        for _ in 0..<4 { desk.request { _ in .transport(.refused) } }
        #expect(desk.request("other/model").refusal?.code == .upstreamUnreachable)
        desk.wait(seconds: 1)
        desk.request { _ in .status(404) }
        #expect(desk.request("other/model").isServed)
    }

    @Test("a success on the model starts the row anew")
    func row() {
        var desk = EngineDesk(keys: 3)
        for _ in 0..<10 {
            for _ in 0..<3 { desk.request { _ in .status(502) } }
            #expect(desk.request().isServed)
        }
    }

    // Floor

    @Test("automation keeps at most half of the keys out; the others serve when no better one can")
    func floor() {
        var desk = EngineDesk(keys: 4)
        let course = desk.request { _ in .status(401) }
        #expect(course.keys == [1, 2, 3, 4])
        #expect(states(desk, 4) == Array(repeating: .suspect, count: 4))
        #expect(desk.engine.sparedKeys == 2)
        let next = desk.request()
        #expect(next.choices == [.lastResort] && next.keys == [3])
        #expect(desk.state(3) == .usable && desk.engine.sparedKeys == 1)
        #expect(desk.request().keys == [3])
    }

    @Test("room under the floor is used, and lost, as the pool changes")
    func floorMoves() {
        var desk = EngineDesk(keys: 4)
        desk.request { _ in .status(401) }
        desk.apply(.add((5...8).map { EngineDesk.record($0) }))
        #expect(desk.engine.sparedKeys == 0)
        for id in 5...8 { desk.apply(.remove(KeyID(Int64(id)))) }
        #expect(desk.engine.sparedKeys == 2)
        desk.apply(.reset(KeyID(1), trigger: "reset"))
        #expect(desk.engine.sparedKeys == 1)
    }

    @Test("a spared key is not given up")
    func spared() {
        var desk = EngineDesk(keys: 3)
        desk.request { $0 < 3 ? .status(401) : .ok }
        #expect(desk.engine.sparedKeys == 1)
        for _ in 0..<2 {
            for key in 1...2 {
                desk.effects += desk.engine.checked(KeyID(Int64(key)), valid: false, at: desk.now)
            }
            desk.wait(seconds: 601)
            desk.request { $0 < 3 ? .status(401) : .ok }
        }
        for key in 1...2 {
            desk.effects += desk.engine.checked(KeyID(Int64(key)), valid: false, at: desk.now)
        }
        #expect(desk.state(1) == .invalid && desk.state(2) == .suspect)
    }
}
