import GRDB
import NIOCore
import ORKit
import Testing

@testable import orkd

@Suite("one change of very many keys")
struct KeysManyTests {
    private let fixture: KeysFixture
    private static let count = 3000

    init() throws { fixture = try KeysFixture() }

    private func fill() async throws {
        let session = try await fixture.keys.beginImport(ImportOptions(), .real)
        let text = (1...Self.count).map { KeysFixture.secret($0) }.joined(separator: "\n")
        _ = try await session.take(ByteBuffer(string: text))
        _ = try await session.finish()
        #expect(fixture.box.decide { engine, _ in engine.count } == Self.count)
    }

    private func commits() -> Int64 { fixture.store.journal.report().commits }

    private func audited(_ verb: String) async throws -> Int {
        try await fixture.store.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM audit WHERE verb = ?", arguments: [verb]) ?? 0
        }
    }

    private func rows() async throws -> Int { try await fixture.store.read { try KeyTable.count($0) } }

    @Test("it is written in slices, each with its audit rows, and the engine hears of all of them")
    func slices() async throws {
        defer { fixture.store.close() }
        try await fill()
        var before = commits()
        let disabled = try await fixture.keys.disable(Selection("*", reason: "why"), .real)
        #expect(disabled.items.count == Self.count)
        #expect(disabled.items.allSatisfy { $0.changed && $0.item.state == .disabled })
        #expect(try await audited("keys.disable") == Self.count)
        #expect(commits() - before > 3)
        let now = fixture.clock.now
        #expect(fixture.box.decide { engine, _ in engine.tally(at: now)[.disabled] } == Self.count)

        before = commits()
        #expect(try await fixture.keys.remove(Selection("*"), .trial).items.count == Self.count)
        #expect(try await rows() == Self.count)
        #expect(try await fixture.keys.remove(Selection("*"), .real).items.count == Self.count)
        #expect(try await rows() == 0)
        #expect(try await audited("keys.remove") == Self.count)
        #expect(commits() - before > 6)
        #expect(fixture.box.decide { engine, _ in engine.count } == 0)
    }

    @Test("few keys are one transaction")
    func few() async throws {
        defer { fixture.store.close() }
        for number in 1...5 { try await fixture.add("k-\(number)", number) }
        let before = commits()
        _ = try await fixture.keys.disable(Selection("*"), .real)
        #expect(commits() == before + 1)
    }

    @Test("when one cannot be written its slice is as before, and the engine knows what the table says")
    func partial() async throws {
        defer { fixture.store.close() }
        try await fill()
        try await fixture.store.transact {
            try $0.execute(
                sql: """
                    CREATE TEMP TRIGGER refuse BEFORE INSERT ON audit
                    WHEN NEW.verb = 'keys.remove' AND (SELECT count(*) FROM key) < 500
                    BEGIN SELECT RAISE(ABORT, 'no'); END
                    """)
        }
        do {
            _ = try await fixture.keys.remove(Selection("*"), .real)
            Issue.record("it was done")
        } catch let error as CodedError {
            #expect(error.message.hasPrefix("after "))
            #expect(error.message.contains(" of \(Self.count) keys: "))
        }
        let left = try await rows()
        #expect((500...Self.count - 1).contains(left))
        #expect(try await audited("keys.remove") == Self.count - left)
        #expect(fixture.box.decide { engine, _ in engine.count } == left)
        try await fixture.store.transact { try $0.execute(sql: "DROP TRIGGER refuse") }
        #expect(try await fixture.keys.remove(Selection("*"), .real).items.count == left)
    }

    @Test("what must be refused is refused before any key is changed")
    func refusedWhole() async throws {
        defer { fixture.store.close() }
        try await fill()
        #expect(
            await fixture.code { _ = try await fixture.keys.remove(.init(select: ["*", "nobody"]), .real) }
                == .keyNotFound)
        var tags = KeySet(select: ["*"])
        tags.tags = ["": "no"]
        #expect(await fixture.code { _ = try await fixture.keys.set(tags, .real) } == .badValue)
        #expect(try await rows() == Self.count)
        #expect(try await audited("keys.remove") == 0)
    }

    @Test("a record does not wait for the end of it")
    func recordsGoOn() async throws {
        defer { fixture.store.close() }
        try await fill()
        let removal = Task { [fixture] in try await fixture.keys.remove(Selection("*"), .real) }
        // Commits of others come between the slices.
        var seen: [Int] = []
        while seen.last != 0, seen.count < 100_000 {
            seen.append(try await fixture.store.transact { try KeyTable.count($0) })
        }
        _ = try await removal.value
        #expect(seen.contains { (1..<Self.count).contains($0) })
    }
}
