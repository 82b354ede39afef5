internal import GRDB
import ORKit

/// Everything that operators do with accounts. Whose a key is, is said by the
/// key (`keys set --account`) or learnt; here is what all keys of one account
/// have in common. The engine knows accounts by their ids alone.
struct AccountsService: AccountsServing {
    /// Keys looked at under one holding of the engine's lock.
    private static let keysAtOnce = 256
    private static let membersShown = 1000

    private let keys: KeysService

    init(_ keys: KeysService) { self.keys = keys }

    /// By id; the keys of which nobody has said whose they are come last, so
    /// that the sum is the pool.
    func list(_ query: AccountQuery) async throws -> Page<AccountView> {
        guard query.select.isEmpty else { return try await selected(query.select) }
        let place = try query.page.place { text -> String? in
            guard case .string(let id) = KeyListing.Place(text)?.value.storage else { return nil }
            return id
        }
        let limit = query.page.size
        return try await keys.store.read { db in
            let rows = try AccountTable.rows(after: place ?? "", limit: limit + 1, db)
            var views = try rows.prefix(limit).map { AccountView($0, try sum(of: $0.id, db), members: nil) }
            let hasUnknown = try AccountTable.hasKeys(nil, db)
            let isWhole = rows.count <= limit && (rows.count < limit || !hasUnknown)
            if isWhole, hasUnknown { views.append(AccountView(nil, try sum(of: nil, db), members: nil)) }
            // A place after the last account is left for the keys without one.
            let last = rows.prefix(limit).last.map { KeyListing.Place(value: $0.id.databaseValue, id: 0) }
            return Page(
                items: views, next: isWhole ? nil : last?.text,
                total: try AccountTable.count(db) + (hasUnknown ? 1 : 0))
        }
    }

    /// Those that were named, with their keys; all of them on one page.
    private func selected(_ select: [String]) async throws -> Page<AccountView> {
        let items = try await keys.store.read { db in
            try select.map { text in
                let row = try AccountRow.find(text, db)
                var view = AccountView(
                    row, try sum(of: row?.id, db), members: try members(of: row?.id, db))
                view.shared = try row.flatMap { try shared(of: $0.id, db) }
                return view
            }
        }
        return Page(items: items, next: nil, total: items.count)
    }

    private func sum(of account: String?, _ db: Database) throws -> AccountSum {
        let now = keys.clock()
        var sum = AccountSum(at: now.wall)
        try AccountTable.eachKeys(of: account, atOnce: Self.keysAtOnce, db) { some in
            let standings = keys.box.decide { engine, _ in
                some.map { engine.standing(of: $0.id, at: now) }
            }
            for (key, standing) in zip(some, standings) { sum.add(key, standing) }
        }
        return sum
    }

    private func shared(of account: String, _ db: Database) throws -> AccountView.Shared? {
        AccountView.Shared(
            try UpstreamQuotaTable.latestFree(of: account, db),
            try UpstreamLimitTable.latest(of: account, db), at: keys.clock().wall)
    }

    private func members(of account: String?, _ db: Database) throws -> [AccountView.Member] {
        let rows = try AccountTable.members(of: account, limit: Self.membersShown, db)
        return zip(rows, keys.views(rows, at: keys.clock())).map { row, key in
            AccountView.Member(
                id: key.id, name: key.name, state: key.state, until: key.until, because: key.because,
                pool: key.pool, learnt: row.isAccountLearnt, inFlight: key.inFlight)
        }
    }

    /// What an operator says about an account. In the turn of changes of
    /// keys: a name must not become that of two accounts.
    func set(_ request: AccountSet, _ order: Order) async throws -> Changes<AccountView> {
        let now = keys.clock().wall
        let (row, isChanged) = try await keys.commit(order) { db -> (AccountRow, Bool) in
            guard let before = try AccountRow.find(request.account, db) else {
                throw CodedError(
                    .badValue,
                    "“\(AccountFields.unknown)” is no account: nobody has said whose these keys are",
                    hints: ["say it:   orkctl keys set NAME --account ID"])
            }
            if let version = request.ifVersion, version != before.version {
                throw CodedError.versionLost(
                    before.id, at: before.version, wanted: version, see: "orkctl accounts list")
            }
            let row = try before.changed(by: request, at: now)
            guard row.version != before.version else { return (before, false) }
            if let name = row.name, name != before.name { try Self.checkFree(name, for: row, db) }
            try AccountTable.put(row, db)
            try AuditTable.append(
                "accounts.set", row.id, by: order.actor, at: now, before: before.audit, after: row.audit, db)
            return (row, true)
        } publishing: { _ in
            KeyOutcome()
        }
        let view = AccountView(row, try await keys.store.read { try sum(of: row.id, $0) }, members: nil)
        return Changes(items: [
            Change(item: view, changed: isChanged, outcome: isChanged ? "changed" : "unchanged")
        ])
    }

    private static func checkFree(_ name: String, for row: AccountRow, _ db: Database) throws {
        if let other = try AccountTable.row(db, name: name), other.id != row.id {
            throw CodedError(.accountExists, "account “\(other.id)” is called “\(name)”", hints: [])
        }
        if name != row.id, try AccountTable.row(db, id: name) != nil {
            throw CodedError(
                .accountExists, "“\(name)” is another account",
                hints: ["if it is the same one:   orkctl keys set KEY --account \(row.id)"])
        }
    }
}
