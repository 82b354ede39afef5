import Foundation
import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("pruning of the ledger")
struct LedgerPruningTests {
    private static let day: Int64 = 86_400_000

    /// What must be the same before and after.
    private struct Picture: Equatable {
        var accounts: [UserID: Books.Account]
        var usage: [[UsageSumView]]
    }

    /// - Parameter ends: of the spans that usage is asked about.
    private func picture(_ store: Store, ends: [WallTime]) async throws -> Picture {
        let service = UsageService(store, clock: { Now(monotonic: 0, wall: StoreFixture.now) })
        var usage: [[UsageSumView]] = []
        for group in UsageGroup.allCases {
            for (since, until) in zip(ends, ends.dropFirst()) {
                usage.append(try await service.usage(UsageQuery(group: group, since: since, until: until)))
            }
        }
        let accounts = try await store.read { try LedgerTable.sums($0).replay.accounts }
        return Picture(accounts: accounts, usage: usage)
    }

    /// Beginnings of hours, and one time within the last hour.
    private static let ends =
        [-30, -17, -11, -3].map { days in
            StoreFixture.now.advanced(byMilliseconds: days * day + (days % 2) * 7 * 3_600_000)
        } + [StoreFixture.now.advanced(byMilliseconds: day - 1)]

    /// The rows that are there follow the checkpoint, each other, and end
    /// where the sums say.
    private func verify(_ store: Store) async throws {
        try await store.read { db in
            var sums = try LedgerCheckpoint(db).sums
            try LedgerTable.walk(after: sums.sequence, db) { try sums.follow($0, $1) }
            let kept = try LedgerTable.sums(db)
            #expect(sums.sequence == kept.sequence && sums.link == kept.link && sums.bytes == kept.bytes)
            #expect(sums.replay.accounts == kept.replay.accounts && sums.replay.sums == kept.replay.sums)
            #expect(sums.replay.open == kept.replay.open)
        }
    }

    @Test(
        "wherever it is cut and the process killed, usage and balances stay and the rest is verifiable [CL-03]",
        arguments: 1...3)
    func equal(seed: UInt64) async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try await store.transact { db in
            var history = LedgerHistory(seed: seed, end: StoreFixture.now)
            try history.write(db)
        }
        let before = try await picture(store, ends: Self.ends)
        #expect(before.usage.flatMap { $0 }.count > 100 && before.accounts.count == 5)
        var rng = SeededGenerator(seed: seed)
        var openAtCut = 0
        let last = try await store.read { try LedgerTable.summed($0) }
        while true {
            let (rows, old) = (
                Int.random(in: 1...120, using: &rng), try await store.read { try LedgerCheckpoint($0) }
            )
            guard old.sequence < last else { break }
            let next = try await store.read { try old.advanced(rows: rows, through: last, $0) }
            #expect(try await store.transact { try next.replaceRows(after: old, $0) })
            openAtCut += next.sums.replay.open.count
            let killed = try StoreFixture()
            try fixture.copyAsKilled(to: killed)
            let again = try Store(.file(killed.path), at: StoreFixture.now) { _ in fixture.masterKey }
            #expect(again.recovered == 0 && again.accounts == before.accounts)
            #expect(try await picture(again, ends: Self.ends) == before)
            try await verify(again)
            again.close()
        }
        #expect(openAtCut > 0)
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM ledger") } == 0)
        store.close()
    }

    @Test("a checkpoint that another one overtook, or that is not in the sums, removes nothing")
    func overtaken() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try await store.transact { db in
            var history = LedgerHistory(seed: 9, end: StoreFixture.now)
            try history.write(rows: 40, db)
            var end = try LedgerEnd(db)
            _ = try end.append(
                [.move(Movement(user: UserID(1), credits: 5, reason: .topUp))], at: StoreFixture.now, db)
        }
        let last = try await store.read { db in
            try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM ledger") ?? 0
        }
        let first = try await store.read { try LedgerCheckpoint($0) }
        let far = try await store.read { try first.advanced(rows: 1000, through: .max, $0) }
        #expect(try await !store.transact { try far.replaceRows(after: first, $0) }, "one row is in no sum")
        let some = try await store.read { try first.advanced(rows: 10, through: .max, $0) }
        #expect(try await store.transact { try some.replaceRows(after: first, $0) })
        #expect(try await !store.transact { try some.replaceRows(after: first, $0) })
        let left = try await store.read { try Int64.fetchOne($0, sql: "SELECT count(*) FROM ledger") }
        #expect(left == last - 10)
        try await verify(store, through: last - 1)
        store.close()
    }

    /// The same up to a row that is in the sums.
    private func verify(_ store: Store, through last: Int64) async throws {
        try await store.read { db in
            var sums = try LedgerCheckpoint(db).sums
            try LedgerTable.walk(after: sums.sequence, through: last, db) { try sums.follow($0, $1) }
            #expect(try sums.link == LedgerTable.sums(db).link)
        }
    }

    @Test("in a database from before, the size of the rows that are there is known")
    func migrated() async throws {
        let fixture = try StoreFixture()
        let older = try fixture.open(
            schema: Migration.all.filter { $0.number < Migration.checkpoint.number })
        let bodies = [5, 6, 7].map { credits in
            Posting.pack([.move(Movement(user: UserID(1), credits: credits, reason: .topUp))])
        }
        try await older.transact { db in
            var link = LedgerLink.first
            for (place, body) in bodies.enumerated() {
                let sequence = Int64(place + 1)
                link = link.next(sequence: sequence, at: StoreFixture.now, body: body)
                try db.execute(
                    sql: "INSERT INTO ledger (sequence, at, count, body, link) VALUES (?, ?, 1, ?, ?)",
                    arguments: [
                        sequence, StoreFixture.now.milliseconds, Data(body), Data(link.digest.bytes),
                    ])
                guard sequence == 2 else { continue }
                try db.execute(
                    sql:
                        "INSERT INTO ledger_sums (id, sequence, link, given, spent, open) VALUES (0, 2, ?, 11, 0, ?)",
                    arguments: [Data(link.digest.bytes), Data(Replay().packedOpen)])
                try db.execute(sql: "INSERT INTO balance (user_id, free, held) VALUES (1, 11, 0)")
            }
        }
        older.close()
        let store = try fixture.open()
        #expect(store.accounts[UserID(1)] == .init(free: 18, held: 0))
        let bytes = try await store.read { try LedgerTable.sums($0).bytes }
        #expect(bytes == bodies.reduce(0) { $0 + LedgerTable.size(ofBody: $1.count) })
        store.close()
    }

    @Test("parts of hours are found by the blocks, and what is in no sum by its numbers")
    func plans() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let plans = try await store.read { db in
            try [(LedgerTable.inSpan, [1, 2]), (LedgerTable.afterRow, [1, 2, 3])].map { sql, numbers in
                try Row.fetchAll(
                    db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: StatementArguments(numbers)
                ).map { $0.text(3) }
            }
        }
        let byNumber = "SEARCH ledger USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
        #expect(plans == [["SCAN block", byNumber], ["SEARCH ledger USING INTEGER PRIMARY KEY (rowid>?)"]])
        store.close()
    }
}
