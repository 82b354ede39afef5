internal import GRDB
import ORKit

/// What operators do with the quotas of keys, and what is left of them.
struct QuotasService: QuotasServing {
    private let keys: KeysService

    init(_ keys: KeysService) { self.keys = keys }

    /// Every key by name, with a quota or without.
    func list(_ query: QuotaQuery) async throws -> Page<QuotaView> {
        guard query.select.isEmpty else {
            let items = try await keys.store.read { db in
                try views(try KeySelection.find(query.select, db).rows, db)
            }
            return Page(items: items, next: nil, total: items.count)
        }
        let listing = try KeyListing(KeyQuery())
        let place = try query.page.place(KeyListing.Place.init)
        let limit = query.page.size
        return try await keys.store.read { db in
            let rows = try listing.rows(after: place, limit: limit + 1, db)
            return Page(
                items: try views(rows.prefix(limit).map(\.row), db),
                next: rows.count > limit ? rows.prefix(limit).last?.place.text : nil,
                total: try listing.count(db))
        }
    }

    func set(_ request: QuotaSet, _ order: Order) async throws -> Changes<QuotaView> {
        let outcome = try await keys.outcomeOfEach(order) { db, _ in
            let rows = try KeySelection.find(request.select, db).rows
            try rows.require(version: request.ifVersion, see: "orkctl quota show")
            // What does not fit one of them is found before any is changed.
            for row in rows { _ = try QuotaFields.quota(row.quota, changed: request) }
            return rows
        } change: { [keys] row, outcome, db, now in
            var after = row
            after.quota = try QuotaFields.quota(row.quota, changed: request)
            guard after.quota != row.quota else { return outcome.unchanged(row) }
            try outcome.put(row, after, "quota", "changed", keys.store, order, at: now, db)
        }
        return try await changes(outcome)
    }

    /// What was used is forgotten as well.
    func clear(_ selection: Selection, _ order: Order) async throws -> Changes<QuotaView> {
        let outcome = try await keys.outcomeOfEach(order) { db, _ in
            try KeySelection.find(selection.select, ifExists: selection.ifExists ?? false, db).rows
        } change: { [keys] row, outcome, db, now in
            guard row.quota != nil else { return outcome.unchanged(row) }
            var after = row
            after.quota = nil
            try QuotaUseTable.remove(row.id, db)
            try outcome.put(row, after, "quota", "cleared", keys.store, order, at: now, db)
        }
        return try await changes(outcome)
    }

    /// Asks the upstream what it says is left, and keeps it. Costs nothing.
    func refresh(_ selection: Selection, _ order: Order) async throws -> Changes<QuotaView> {
        let tests = try await keys.test(selection, order)
        let names = Dictionary(tests.map { ($0.name, $0) }) { first, _ in first }
        return Changes(
            items: try await keys.store.read { db in
                let rows = try names.keys.sorted().compactMap { try KeyTable.row(db, name: $0) }
                return try views(rows, db).map { view in
                    guard let test = names[view.name], test.result != "valid" else {
                        return Change(item: view, changed: true, outcome: "refreshed")
                    }
                    return Change(item: view, changed: false, outcome: test.result, detail: test.message)
                }
            })
    }

    private func changes(_ outcome: KeyOutcome) async throws -> Changes<QuotaView> {
        let rows = outcome.items.map(\.row)
        let items = try await keys.store.read { try views(rows, $0) }
        return Changes(
            items: zip(outcome.items, items).map { item, view in
                Change(item: view, changed: item.changed, outcome: item.outcome, detail: item.detail)
            }, warnings: outcome.warnings)
    }

    private func views(_ rows: [KeyRow], _ db: Database) throws -> [QuotaView] {
        let now = keys.clock()
        return try zip(rows, keys.standings(rows, at: now)).map { row, standing in
            var view = row.quotaView(
                standing, told: try UpstreamQuotaTable.get(row.id, db), pool: keys.poolNames[row.pool],
                at: now.wall)
            let limits = try UpstreamLimitTable.all(of: row.id, db).filter { $0.holds(at: now.wall) }
            if !limits.isEmpty { view.limits = limits.map(QuotaView.Limit.init) }
            return view
        }
    }
}
