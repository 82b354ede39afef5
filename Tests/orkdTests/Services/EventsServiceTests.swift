import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("events service")
struct EventsServiceTests {
    private let fixture: ServiceFixture
    private let bell = EventBell()
    private let service: EventsService

    init() throws {
        let bell = bell
        fixture = try ServiceFixture(observer: .init(onEvents: { bell.ring() }))
        let clock = fixture.clock
        service = EventsService(fixture.store, bell: bell, clock: { clock.now })
    }

    private func note(_ word: String) async throws {
        fixture.clock.advance(milliseconds: 10)
        fixture.store.journal.keep(.daemon(word, "x", at: fixture.clock.now.wall))
        _ = try await fixture.store.transact { _ in }
    }

    private func client(_ name: String) async throws {
        fixture.clock.advance(milliseconds: 10)
        _ = try await fixture.clients.add(ClientAdd(name: name), .real)
    }

    private func all(_ query: EventQuery = EventQuery()) async throws -> [EventRecord] {
        let reading = try await service.read(query)
        var records: [EventRecord] = []
        while let some = try await reading.next() { records += some }
        return records
    }

    private func words(_ records: [EventRecord]) -> [String] { records.map { $0.subject ?? $0.event } }

    @Test("rows of different tables come in the order of time, and every cursor goes on after its event")
    func order() async throws {
        try await note("one")
        try await client("two")
        try await note("three")
        try await client("four")
        let records = try await all()
        #expect(words(records) == ["one", "two", "three", "four"])
        for (index, record) in records.enumerated() {
            let rest = try await all(EventQuery(after: record.cursor))
            #expect(words(rest) == Array(words(records).dropFirst(index + 1)))
        }
    }

    @Test("the newest so many, since and until", arguments: 0...5)
    func bounds(count: Int) async throws {
        for name in ["a", "b", "c", "d", "e"] {
            if name < "c" { try await client(name) } else { try await note(name) }
        }
        let names = ["a", "b", "c", "d", "e"]
        if count > 0 {
            #expect(words(try await all(EventQuery(last: count))) == Array(names.suffix(count)))
        }
        let at = try await all().map(\.at)
        if count < 5 {
            let time = WallTime(rfc3339: at[count])
            #expect(words(try await all(EventQuery(since: time))) == Array(names[count...]))
            #expect(words(try await all(EventQuery(until: time))) == Array(names[...count]))
        }
    }

    @Test("what was removed before it was read is a gap with its number")
    func gap() async throws {
        for name in ["a", "b", "c", "d"] { try await note(name) }
        let first = try #require(try await all().first)
        try await fixture.store.transact { try $0.execute(sql: "DELETE FROM event WHERE id < 4") }
        let rest = try await all(EventQuery(after: first.cursor))
        #expect(words(rest) == ["lost", "d"])
        #expect(rest[0].kind == "gap" && rest[0].lost == 2)
        #expect(words(try await all(EventQuery(after: rest[0].cursor))) == ["d"])
        // Who never saw anything has missed nothing.
        #expect(words(try await all()) == ["d"])
    }

    @Test("a cursor of another database begins anew, and says so")
    func foreign() async throws {
        try await note("a")
        let rest = try await all(EventQuery(after: "k0.a99.n7"))
        #expect(words(rest) == ["lost", "a"])
        #expect(rest[0].lost == nil)
    }

    @Test("a follower gets what comes later, and no ring is lost while it is busy")
    func follow() async throws {
        try await note("a")
        let reading = try await service.read(EventQuery(follow: true))
        #expect(words(try #require(try await reading.next())) == ["a"])
        async let later = reading.next()
        try await note("b")
        #expect(words(try #require(try await later)) == ["b"])
        for name in ["c", "d"] { try await note(name) }
        var seen: [String] = []
        while seen.count < 2 { seen += words(try #require(try await reading.next())) }
        #expect(seen == ["c", "d"])
    }

    @Test("a follower that is too far behind is taken to the present, and told how much it missed")
    func lag() async throws {
        let reading = try await service.read(EventQuery(follow: true))
        try await note("a")
        #expect(words(try #require(try await reading.next())) == ["a"])
        async let pending = reading.next()
        try await note("b")
        _ = try await pending
        let many = Int(StoredEvents.longestLag) + 500
        let now = fixture.clock.now.wall
        for _ in 0..<many { fixture.store.journal.keep(.daemon("x", "", at: now)) }
        _ = try await fixture.store.transact { _ in }
        let records = try #require(try await reading.next())
        #expect(records[0].kind == "gap" && records[0].lost == Int64(many - 100))
        #expect(records.count == 101)
    }

    @Test(
        "nonsense is refused",
        arguments: ["", "k1", "k1.a2.n-3", "k1.a2.n3.x", "k1.a2.n99999999999999999999"])
    func cursor(text: String) async throws {
        await #expect(throws: CodedError.self) { try await service.read(EventQuery(after: text)) }
    }

    @Test("so many follow at a time, and a place is free again when one leaves")
    func capacity() async throws {
        var readings: [any EventReading] = []
        for _ in 0..<EventBell.capacity { readings.append(try await service.read(EventQuery(follow: true))) }
        await #expect(throws: CodedError.self) { try await service.read(EventQuery(follow: true)) }
        readings.removeLast()
        _ = try await service.read(EventQuery(follow: true))
    }

    @Test("audit rows say what was changed, never a secret")
    func differences() {
        let before = #"{"name":"a","weight":1,"enabled":true,"account":null,"tags":{},"version":1}"#
        let after = #"{"name":"a","weight":3,"enabled":false,"account":"x","tags":{"t":"1"},"version":2}"#
        #expect(
            AuditDifference(before: before, after: after).text
                == "account none → x, enabled yes → no, tags none → t=1, weight 1 → 3")
        #expect(AuditDifference(before: before, after: nil).text == "")
        #expect(AuditDifference(before: nil, after: #"{"strategy":"lru"}"#).text == "strategy lru")
    }

    @Test("a condition is noted when it begins and when it ends, not while it holds")
    func conditions() {
        let log = ConditionLog()
        let now = fixture.clock.now.wall
        let draining = ConditionView(
            code: .draining, severity: "warning", text: "draining", hint: nil, since: now.rfc3339)
        #expect(log.notes(of: [draining], at: now).map(\.event) == ["began"])
        #expect(log.notes(of: [draining], at: now) == [])
        #expect(log.notes(of: [], at: now).map(\.event) == ["ended"])
        #expect(log.notes(of: [], at: now) == [])
    }
}
