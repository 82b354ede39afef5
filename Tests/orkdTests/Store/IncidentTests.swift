import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("the store: schema 8, incidents")
struct IncidentTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private static func marked(
        _ key: Int64, at seconds: Double, _ words: String, rule: String = "429-bare",
        _ kind: KeyMark.Kind = .rest
    ) -> MarkedKey {
        let at = StoreFixture.now.advanced(byMilliseconds: Int64(seconds * 1000))
        let rest = Rest(
            scope: .modelAtKey, model: "v/\(key)", cause: .rateLimited, until: nil, since: at, stated: false,
            guesses: 1, rule: rule, evidence: words)
        return MarkedKey(key: KeyID(key), mark: KeyMark(kind: kind, rest: rest), at: at, request: nil)
    }

    private func incidents(_ store: Store) async throws -> [Int64?] {
        try await store.read {
            try Row.fetchAll($0, sql: "SELECT incident FROM event WHERE kind = 'verdict' ORDER BY id").map {
                $0[0] as Int64?
            }
        }
    }

    @Test("what is alike and follows within ten seconds is one incident, named by its first event")
    func alike() async throws {
        let store = try fixture.open()
        defer { store.close() }
        let marks = [
            Self.marked(1, at: 0, "wait 7 s"), Self.marked(2, at: 9, "Wait 800 s"),
            Self.marked(3, at: 9, "not now"), Self.marked(4, at: 9, "wait 7 s", rule: "other"),
            Self.marked(5, at: 9, "wait 7 s", .suspect), Self.marked(6, at: 18, "wait 1 s"),
            Self.marked(7, at: 28.001, "wait 7 s"), Self.marked(8, at: 28.001, "wait 7 s", rule: "other"),
        ]
        for mark in marks { try await store.transact { try EventNoteTable.append(mark, $0) } }
        let ids = try await store.read { try Int64.fetchAll($0, sql: "SELECT id FROM event ORDER BY id") }
        #expect(
            try await incidents(store) == [0, 0, 2, 3, 4, 0, 6, 7].map { ids[$0] })
        let first = try await store.read { try Incident(number: ids[0]).marks($0) }
        #expect(first[Incident.Mark(marks[1].mark)] == [KeyID(2)])
        #expect(first.count == 3 && first[Incident.Mark(marks[2].mark)] == nil)
    }

    @Test("one from long ago, by events, is not looked for")
    func memory() async throws {
        let store = try fixture.open()
        defer { store.close() }
        try await store.transact { db in
            try EventNoteTable.append(Self.marked(1, at: 0, "x"), db)
            for _ in 0..<100 { try EventNoteTable.append(.daemon("x", "", at: StoreFixture.now), db) }
            try EventNoteTable.append(Self.marked(2, at: 1, "x"), db)
            for _ in 0..<300 { try EventNoteTable.append(.daemon("x", "", at: StoreFixture.now), db) }
            try EventNoteTable.append(Self.marked(3, at: 1, "x"), db)
        }
        let found = try await incidents(store)
        #expect(found[0] == found[1] && found[2] != found[0] && found[2] != nil)
    }

    @Test("verdicts of schema 7 belong to none, and begin none")
    func migrated() async throws {
        let older = try fixture.open(schema: Migration.all.filter { $0.number < Migration.incidents.number })
        try await older.transact { db in
            try db.execute(
                sql: """
                    INSERT INTO event (at, kind, severity, event, text, key_id, rule, cause) \
                    VALUES (?, 'verdict', 'warning', 'rest', 'x', 1, '429-bare', 'rate-limited')
                    """, arguments: [StoreFixture.now.milliseconds])
        }
        older.close()
        let store = try fixture.open()
        defer { store.close() }
        #expect(try store.condition().schema == Migration.newest)
        try await store.transact { try EventNoteTable.append(Self.marked(1, at: 0, "x"), $0) }
        #expect(try await incidents(store) == [nil, 2])
        let events = try await store.read { try EventLog.page(after: .start, limit: 9, $0) }
        #expect(events.map(\.record.incident) == [nil, "i2"])
        #expect(events.map { $0.record.text.hasSuffix(" (i2)") } == [false, true])
    }

    @Test(
        "an incident is named i and a number",
        arguments: [("i1", 1), ("i170", 170), ("1", nil), ("i0", nil), ("i-1", nil), ("i", nil)]
            as [(String, Int64?)])
    func names(_ text: String, _ number: Int64?) {
        #expect(Incident(text)?.number == number)
        #expect(number == nil || Incident(text)?.text == text)
    }
}
