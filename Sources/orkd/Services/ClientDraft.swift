internal import GRDB
import ORKit

/// A client that is to be, its fields looked at.
struct ClientDraft: Sendable {
    private let request: ClientAdd
    private let name: String
    private let environment: ClientEnvironment
    private let permissions: Permissions
    private let tags: [String: String]
    private let note: String?
    private let lists: AllowLists
    private let most: Int64?

    init(_ request: ClientAdd) throws {
        self.request = request
        name = try ClientFields.name(request.name)
        environment = try ClientFields.environment(request.environment)
        permissions = try ClientFields.permissions(request.permissions)
        tags = try ClientFields.tags([:], changed: (request.tags ?? [:]).mapValues { $0 })
        note = try request.note.map { try ClientFields.text($0, "note") }
        lists = try ClientFields.lists(
            AllowLists(), models: request.models, endpoints: request.endpoints, addresses: request.addresses,
            referrers: request.referrers)
        most = try request.maxRequests.map(ClientFields.maxRequests)
    }

    /// Gives it a key and writes it down.
    func issue(_ order: Order, at now: WallTime, _ db: Database) throws -> ClientOutcome {
        let key = ClientKey.mint(environment)
        let user = try request.user.map { try UserFields.find($0, db) } ?? .house
        let wanted = ClientRow(
            id: .anonymous, name: name, digest: key.digest, environment: environment, masked: key.masked,
            permissions: permissions, enabled: true, disabledReason: nil, tags: tags, note: note,
            expiresAt: try request.expires.flatMap { try ClientFields.expiry($0, at: now) }, addedAt: now,
            version: 1, pool: try request.pool.map { try PoolFields.find($0, db).id } ?? .first,
            user: user,
            isPrimary: try request.primary.map { try ClientFields.primary($0, of: user) } ?? false,
            lists: lists, maxRequests: most)
        if let present = try ClientTable.row(db, name: name) { throw present.conflict(with: wanted) }
        var outcome = ClientOutcome()
        if wanted.isPrimary { try outcome.unmarkPrimary(of: user, order, at: now, db) }
        let row = try ClientTable.insert(wanted, db)
        try outcome.keepCount(row, db)
        try AuditTable.append("clients.add", name, by: order.actor, at: now, after: row.audit, db)
        // A key that a dry run made up must not be taken for one that works.
        let view = try row.view(at: now, secret: order.dryRun ? nil : key.secret, db)
        outcome.changes.items.insert(Change(item: view, changed: true, outcome: "added"), at: 0)
        outcome.deltas += try row.deltas(at: now, db)
        return outcome
    }
}

extension ClientRow {
    /// Says whether and how the client differs from what was asked for
    /// (cli.md 19.4).
    fileprivate func conflict(with wanted: ClientRow) -> CodedError {
        var present: [String] = []
        if environment != wanted.environment { present.append("environment \(environment.rawValue)") }
        if permissions != wanted.permissions {
            present.append("permissions \(permissions.names.joined(separator: ","))")
        }
        if expiresAt != wanted.expiresAt { present.append("expires \(expiresAt?.rfc3339 ?? "never")") }
        if tags != wanted.tags {
            let text = tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
            present.append("tags \(text.isEmpty ? "none" : text)")
        }
        if pool != wanted.pool { present.append("another pool") }
        if user != wanted.user { present.append("another user") }
        if lists != wanted.lists { present.append("other allow lists") }
        if maxRequests != wanted.maxRequests {
            present.append(maxRequests.map { "at most \($0) requests" } ?? "any number of requests")
        }
        if note != wanted.note { present.append(note == nil ? "no note" : "another note") }
        let rotate = "give it a new key:   orkctl clients rotate \(name)"
        guard !present.isEmpty else {
            return CodedError(
                .clientExists,
                "“\(name)” exists with the same settings; its key was shown when it was issued",
                hints: [rotate])
        }
        return CodedError(
            .clientExists, "“\(name)” exists with other settings (\(present.joined(separator: "; ")))",
            hints: ["change it:   orkctl clients set \(name) --help", rotate])
    }
}
