internal import GRDB
import ORKit

extension KeysService {
    /// Rows looked at in one go where a state is wanted, which only the
    /// engine knows.
    private static let stride = 1000

    /// Whole keys by their place in the order; `next` leads to the following
    /// page.
    func list(_ query: KeyQuery) async throws -> Page<KeyView> {
        let listing = try KeyListing(query)
        let limit = query.page.size
        let place = try query.page.place(KeyListing.Place.init)
        let now = clock()
        let states = Set(query.states)
        guard query.select.isEmpty else { return try await selected(query, states, at: now) }
        return try await store.read { [self] db in
            var views: [KeyView] = []
            var place = place
            while true {
                let rows = try listing.rows(after: place, limit: states.isEmpty ? limit + 1 : Self.stride, db)
                for (view, row) in zip(self.views(rows.map(\.row), at: now), rows)
                where states.isEmpty || states.contains(view.state) {
                    guard views.count < limit else {
                        return Page(
                            items: views, next: place?.text, total: try total(listing, states, at: now, db))
                    }
                    views.append(view)
                    place = row.place
                }
                guard !states.isEmpty, rows.count == Self.stride else { break }
                place = rows.last?.place
            }
            return Page(items: views, next: nil, total: try total(listing, states, at: now, db))
        }
    }

    /// Those that were named; all of them on one page.
    private func selected(_ query: KeyQuery, _ states: Set<KeyState>, at now: Now) async throws -> Page<
        KeyView
    > {
        let rows = try await store.read { try KeySelection.find(query.select, $0).rows }
        let glob = query.name.map { Glob($0) }
        let fitting = rows.filter { row in
            (query.provider == nil || row.provider == query.provider) && (glob?.matches(row.name) ?? true)
                && query.tags.allSatisfy { row.tags[$0.key] == $0.value }
        }
        var items = views(fitting, at: now).filter { states.isEmpty || states.contains($0.state) }
        let ids = items.map(\.id)
        let limits = try await store.read { db in
            try ids.map { try UpstreamLimitTable.all(of: $0, db).filter { $0.holds(at: now.wall) } }
        }
        for (place, some) in limits.enumerated() where !some.isEmpty {
            items[place].limits = some.map(QuotaView.Limit.init)
        }
        return Page(items: items, next: nil, total: items.count)
    }

    /// Where it is known without looking at every key.
    private func total(
        _ listing: KeyListing, _ states: Set<KeyState>, at now: Now, _ db: Database
    ) throws -> Int? {
        if states.isEmpty { return try listing.count(db) }
        guard !listing.isFiltered else { return nil }
        let tally = box.decide { engine, _ in engine.tally(at: now) }
        return states.reduce(0) { $0 + (tally[$1] ?? 0) }
    }
}
