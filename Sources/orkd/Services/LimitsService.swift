internal import GRDB
import ORKit

/// What operators do with the limits of client keys and of users. A change is
/// on disk with its audit row first, then in force, then answered.
struct LimitsService: LimitsServing {
    private let store: Store
    private let box: EngineBox
    private let clock: @Sendable () -> Now
    /// The data path hears of changes in the order of their commits.
    private let turns = Turns()

    init(_ store: Store, _ box: EngineBox, clock: @escaping @Sendable () -> Now) {
        self.store = store
        self.box = box
        self.clock = clock
    }

    /// At start, before anybody asks: what is allowed and what was used of it.
    /// Blocks.
    func load() throws {
        let (rows, used, since) = try store.readNow {
            (try LimitTable.all($0), try LimitUseTable.all($0), try LimitUseTable.rows($0))
        }
        let now = clock()
        var limits = Limits(standard: .ofUsers, clock: used.clock, last: since.last, at: now)
        for (subject, row) in rows { limits.set(row.record, for: subject) }
        for (subject, use) in used.uses { limits.load(use, of: subject, at: now) }
        for (_, row) in since { limits.load(row, at: now) }
        box.adopt(limits)
    }

    func list(_ select: [String]) async throws -> Page<LimitView> {
        try await list(select, of: .named)
    }

    /// Of users there are always limits: those that all users have, where
    /// nothing else was said.
    func list(_ select: [String], of kind: OwnerKind) async throws -> Page<LimitView> {
        let owners = try await store.read { try Self.owners(select, of: kind, $0) }
        let items = views(owners)
        return Page(items: items, next: nil, total: items.count)
    }

    func set(_ request: LimitSet, _ order: Order) async throws -> Changes<LimitView> {
        try await set(request, of: .named, order)
    }

    func set(
        _ request: LimitSet, of kind: OwnerKind, _ order: Order
    ) async throws -> Changes<LimitView> {
        try await change(order, "set", "changed") { db in
            let owners = try Self.owners(request.select, of: kind, db)
            for owner in owners {
                if let version = request.ifVersion, version != owner.row.version {
                    throw CodedError.versionLost(
                        owner.name, at: owner.row.version, wanted: version, see: "orkctl limits show")
                }
            }
            return owners
        } record: {
            try LimitFields.record($0, changed: request)
        }
    }

    /// What was used is forgotten as well.
    func clear(_ selection: Selection, _ order: Order) async throws -> Changes<LimitView> {
        try await change(order, "clear", "cleared") { db in
            try Self.owners(selection.select, of: .named, ifExists: selection.ifExists ?? false, db)
        } record: { _ in
            LimitRecord()
        }
    }

    /// What is selected.
    enum OwnerKind: Sendable {
        /// Clients, and users by `user:` and their names.
        case named
        case users
    }

    /// Whose limits they are, as the store has them.
    private struct Owner: Sendable {
        var subject: LimitSubject
        var name: String
        var row: LimitRow
    }

    private static func owners(
        _ select: [String], of kind: OwnerKind, ifExists: Bool = false, _ db: Database
    ) throws -> [Owner] {
        guard kind == .named else { return try users(select, ifExists: ifExists, db) }
        let users = select.compactMap { name(in: $0, after: "user:") }
        let clients = select.filter { !$0.hasPrefix("user:") }.map { name(in: $0, after: "client:") ?? $0 }
        let found = users.isEmpty ? [] : try self.users(users, ifExists: ifExists, db)
        guard !clients.isEmpty || users.isEmpty else { return found }
        return try self.clients(clients, ifExists: ifExists, db) + found
    }

    private static func name(in text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    private static func users(_ select: [String], ifExists: Bool, _ db: Database) throws -> [Owner] {
        try UserFields.select(select, ifExists: ifExists, db).map { user in
            Owner(
                subject: .user(user.id), name: user.name,
                row: try LimitTable.row(of: .user(user.id), db) ?? LimitRow(record: .ofUsers))
        }
    }

    private static func clients(_ select: [String], ifExists: Bool, _ db: Database) throws -> [Owner] {
        try ClientSelection.find(select, ifExists: ifExists, db).map { client in
            let subject = LimitSubject.client(client.id)
            return Owner(
                subject: subject, name: client.name,
                row: try LimitTable.row(of: subject, db) ?? LimitRow())
        }
    }

    private func change(
        _ order: Order, _ verb: String, _ outcome: String,
        owners find: @escaping @Sendable (Database) throws -> [Owner],
        record: @escaping @Sendable (LimitRecord) throws -> LimitRecord
    ) async throws -> Changes<LimitView> {
        try await turns.take {
            let now = clock().wall
            typealias Step = (before: Owner, after: Owner)
            let steps = try await store.transact(dryRun: order.dryRun) { db -> [Step] in
                try find(db).map { before in
                    var after = before
                    after.row.record = try record(before.row.record)
                    guard after.row.record != before.row.record else { return (before, before) }
                    after.row.version += 1
                    if after.row.record.isEmpty { try LimitTable.remove(after.subject, db) }
                    try LimitTable.put(after.row, of: after.subject, db)
                    try AuditTable.append(
                        "limits.\(verb)", after.name, by: order.actor, at: now, before: before.row.audit,
                        after: after.row.audit, db)
                    return (before, after)
                }
            }
            let changed = steps.filter { $0.before.row != $0.after.row }.map(\.after)
            if !order.dryRun {
                box.limit { limits in
                    for owner in changed { limits.set(owner.row.record, for: owner.subject) }
                }
            }
            return Changes(
                items: zip(steps, views(steps.map(\.after))).map { step, view in
                    let isChanged = step.before.row != step.after.row
                    return Change(
                        item: view, changed: isChanged, outcome: isChanged ? outcome : "unchanged")
                })
        }
    }

    /// With what is used now of limits that a dry run only tries.
    private func views(_ owners: [Owner]) -> [LimitView] {
        let now = clock()
        return box.limit { limits in
            owners.map { owner in
                LimitView(
                    owner.row, limits.standing(of: owner.subject, at: now), of: owner.subject,
                    name: owner.name, at: now.wall)
            }
        }
    }
}

extension LimitView {
    fileprivate init(
        _ row: LimitRow, _ standing: LimitStanding?, of subject: LimitSubject, name: String,
        at now: WallTime
    ) {
        let limits = LimitKind.allCases.compactMap { kind -> Limit? in
            guard let limit = row.record[kind] else { return nil }
            let use = standing?.uses.first { $0.kind == kind }
            let used = kind == .concurrency ? standing?.underWay ?? 0 : use?.used ?? 0
            let reset = use.map(\.reset).flatMap { used > 0 ? now.advanced(byMilliseconds: $0) : nil }
            return Limit(
                name: kind.word, limit: limit, used: used, left: max(0, limit - used), reset: reset?.rfc3339)
        }
        self.init(
            subject: subject.noun, id: subject.raw, name: name, shadow: row.record.isShadow, limits: limits,
            refused: standing?.refused ?? 0, version: row.version)
    }
}
