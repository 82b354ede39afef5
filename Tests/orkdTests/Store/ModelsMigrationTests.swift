import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("the store: models")
struct ModelsMigrationTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func catalogue(_ ids: String...) -> ModelCatalogue {
        var catalogue = ModelCatalogue()
        catalogue.models = ids.map { ModelOffer(id: $0) }
        return catalogue
    }

    @Test("the schema before had none; a list is kept whole and comes back the same")
    func migrated() async throws {
        let older = try fixture.open(schema: Migration.all.filter { $0.number < Migration.models.number })
        older.close()
        let store = try fixture.open()
        defer { store.close() }
        #expect(try store.readNow { try ModelTable.list($0) } == nil)
        var whole = ModelOffer(id: "v/m", name: "V: M")
        (whole.slug, whole.context, whole.longestAnswer, whole.longFrom) = ("v/m-2026", 1000, 10, 500)
        whole.prices = try #require(TokenPrices(numbers: [1, 2, 3, 4, 5, 6, -1]))
        whole.dearest = try #require(TokenPrices(numbers: [7, 8, 9, 10, 11, 12, 13]))
        whole.dearestLong = try #require(TokenPrices(numbers: [.max, 0, 0, 0, 0, 0, 0]))
        var list = catalogue("a/b")
        list.models.append(whole)
        list.unread = 3
        let kept = list
        try await store.transact { db in
            try ModelTable.put(kept, at: WallTime(milliseconds: 7), before: [], db)
        }
        let found = try #require(try store.readNow { try ModelTable.list($0) })
        #expect(found.at == WallTime(milliseconds: 7) && found.catalogue == kept)
    }

    @Test("only what differs is written, what is gone is removed, and a damaged row is an unread one")
    func differences() async throws {
        let store = try fixture.open()
        defer { store.close() }
        let first = catalogue("a/a", "b/b", "c/c")
        var second = catalogue("a/a", "c/c", "d/d")
        second.models[1].context = 5
        let changed = second
        try await store.transact { db in
            try ModelTable.put(first, at: WallTime(milliseconds: 1), before: [], db)
            let before = db.totalChangesCount
            try ModelTable.put(first, at: WallTime(milliseconds: 2), before: first.models, db)
            #expect(db.totalChangesCount - before == 1)
            try ModelTable.put(changed, at: WallTime(milliseconds: 3), before: first.models, db)
            #expect(try ModelTable.list(db)?.catalogue == changed)
            #expect(try ModelTable.list(db)?.at == WallTime(milliseconds: 3))
            try db.execute(sql: "UPDATE model SET dearest = '1 2' WHERE id = 'a/a'")
            let left = try ModelTable.list(db)?.catalogue
            #expect(left?.models.map(\.id) == ["c/c", "d/d"] && left?.unread == 1)
        }
    }
}
