internal import GRDB
import ORKit

/// What operators do with users' credits. An order is a row, an audit row and
/// a posting in one commit; then the books of the data path hear of it
/// (ruling 5), and then the operator.
struct CreditsService: CreditsServing {
    private let store: Store
    private let books: BooksBox
    private let clock: @Sendable () -> Now
    private let turns = Turns()

    /// Longest name of an order.
    private static let longestKey = 200

    init(_ store: Store, _ books: BooksBox, clock: @escaping @Sendable () -> Now) {
        self.store = store
        self.books = books
        self.clock = clock
    }

    /// Balances of the selected users, or of all whose credits count.
    func balances(_ select: [String]) async throws -> [BalanceView] {
        let rows = try await store.read { db in
            try select.isEmpty
                ? UserTable.rows(db, where: "metered ORDER BY name") : UserFields.select(select, db)
        }
        return books.change { books in
            rows.map { row in
                let account = books[row.id] ?? Books.Account()
                return BalanceView(
                    user: row.name, id: row.id, balance: account.balance, free: account.free,
                    held: account.held)
            }
        }
    }

    /// Newest first.
    func history(_ user: String, _ page: PageQuery) async throws -> Page<MovementView> {
        let before = try page.place { Int64($0) } ?? .max
        return try await store.read { db in
            guard let row = try UserFields.select([user], db).first else { return Page(items: []) }
            let rows = try MovementTable.history(of: row.id, before: before, limit: page.size + 1, db)
            return Page(
                items: rows.prefix(page.size).map { $0.view(row.name) },
                next: rows.count > page.size ? String(rows[page.size - 1].id) : nil, total: nil)
        }
    }

    func move(_ request: CreditMove, _ order: Order) async throws -> Changes<MovementView> {
        guard Credits.amounts.contains(request.credits), request.credits > 0 else {
            throw CodedError(.badValue, "credits must be between 1 and \(Credits.most)")
        }
        let key = try request.idempotencyKey.map(Self.key)
        let note = try request.note.map { try ClientFields.text($0, "note") }
        let isOut = request.deduct ?? false
        return try await turns.take {
            let row = try await user(request.user)
            let wanted = MovementRow(
                id: 0, at: clock().wall, user: row.id, credits: isOut ? -request.credits : request.credits,
                reason: isOut ? .deduct : .topUp, note: note, refunds: nil, idempotencyKey: key,
                uid: order.actor.uid)
            return try await carryOut(wanted, row.name, order)
        }
    }

    /// What a new user begins with: once.
    func begin(_ user: UserID, with credits: Int64, _ order: Order) async throws {
        try await turns.take {
            let row = try await self.user(String(user.raw))
            let wanted = MovementRow(
                id: 0, at: clock().wall, user: user, credits: credits, reason: .start, note: nil,
                refunds: nil, idempotencyKey: "start-\(user.raw)", uid: order.actor.uid)
            _ = try await carryOut(wanted, row.name, order)
        }
    }

    func refund(_ request: CreditRefund, _ order: Order) async throws -> Changes<MovementView> {
        let note = try request.note.map { try ClientFields.text($0, "note") }
        return try await turns.take {
            let (before, row) = try await store.read { db in
                guard let before = try MovementTable.row(db, id: request.movement),
                    let row = try UserTable.row(db, id: before.user)
                else { throw CodedError(.badValue, "there is no movement \(request.movement)") }
                return (before, row)
            }
            let wanted = MovementRow(
                id: 0, at: clock().wall, user: row.id, credits: -before.credits, reason: .refund, note: note,
                refunds: before.id, idempotencyKey: nil, uid: order.actor.uid)
            return try await carryOut(wanted, row.name, order)
        }
    }

    /// Credits that are taken out are held first, so that no request spends
    /// them meanwhile.
    private func carryOut(
        _ wanted: MovementRow, _ name: String, _ order: Order
    ) async throws -> Changes<MovementView> {
        let out = max(0, -wanted.credits)
        let isHeld = books.change { books in
            books.open(wanted.user)
            return out == 0 || books.hold(out, of: wanted.user)
        }
        do {
            let (row, isNew) = try await store.transact(
                dryRun: order.dryRun,
                posting: { db, postings in
                    if let known = try Self.known(wanted, db) { return (known, false) }
                    guard isHeld else {
                        throw CodedError(.creditsInsufficient, "“\(name)” has less than \(out) to spend")
                    }
                    let row = try MovementTable.insert(wanted, db)
                    try AuditTable.append(
                        "credits.\(row.reason.name)", name, by: order.actor, at: row.at,
                        after: ["credits": .number(row.credits), "movement": .number(row.id)], db)
                    postings.append(
                        .move(Movement(user: row.user, credits: row.credits, reason: row.reason)))
                    return (row, true)
                })
            let balance = settle(wanted, out: isHeld ? out : 0, isDone: isNew && !order.dryRun)
            var view = row.view(name)
            view.balance = balance
            let outcome = isNew ? row.reason.outcome : "unchanged"
            return Changes(items: [Change(item: view, changed: isNew, outcome: outcome)])
        } catch {
            _ = settle(wanted, out: isHeld ? out : 0, isDone: false)
            throw error
        }
    }

    /// - Returns: the balance then.
    private func settle(_ row: MovementRow, out held: Int64, isDone: Bool) -> Int64? {
        books.change { books in
            if held > 0 { books.settle(held: held, charged: isDone ? held : 0, of: row.user) }
            if isDone, row.credits > 0 { _ = books.move(row.credits, of: row.user) }
            return books[row.user]?.balance
        }
    }

    /// The same order, carried out before.
    private static func known(_ wanted: MovementRow, _ db: Database) throws -> MovementRow? {
        if let movement = wanted.refunds { return try MovementTable.refund(of: movement, db) }
        guard let key = wanted.idempotencyKey,
            let known = try MovementTable.row(db, idempotencyKey: key)
        else { return nil }
        guard known.isSame(as: wanted) else {
            throw CodedError(.duplicate, "another order has this idempotency key")
        }
        return known
    }

    private func user(_ name: String) async throws -> UserRow {
        try await store.read { db in
            guard let row = try UserFields.select([name], db).first else {
                throw CodedError(.userNotFound, "there is no user “\(KeyFields.shown(name))”")
            }
            return row
        }
    }

    private static func key(_ text: String) throws -> String {
        guard (1...longestKey).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw CodedError(
                .badValue, "an idempotency key has 1 to \(longestKey) printable characters without spaces")
        }
        return text
    }
}

extension Movement.Reason {
    /// What was done, in a word.
    fileprivate var outcome: String {
        switch self {
        case .topUp, .start: "added"
        case .deduct: "deducted"
        case .refund: "refunded"
        }
    }
}

extension MovementRow {
    fileprivate func view(_ user: String) -> MovementView {
        MovementView(
            id: id, at: at.rfc3339, user: user, credits: credits, reason: reason.name, note: note,
            refunds: refunds, uid: uid)
    }
}
