internal import GRDB
import ORKit

// The two changes that issue a secret. It leaves the daemon in their answer
// and nowhere else; only its digest is kept (K-19).

extension ClientsService {
    /// Names are unique, and adding never overwrites. Since a key cannot be
    /// shown a second time, an existing name is a conflict even when nothing
    /// differs.
    func add(_ request: ClientAdd, _ order: Order) async throws -> Changes<ClientView> {
        let name = try ClientFields.name(request.name)
        let environment = try ClientFields.environment(request.environment)
        let permissions = try ClientFields.permissions(request.permissions)
        let tags = try ClientFields.tags([:], changed: (request.tags ?? [:]).mapValues { $0 })
        let note = try request.note.map { try ClientFields.text($0, "note") }
        let lists = try ClientFields.lists(
            AllowLists(), models: request.models, endpoints: request.endpoints, addresses: request.addresses,
            referrers: request.referrers)
        let most = try request.maxRequests.map(ClientFields.maxRequests)
        return try await change(order) { db, now in
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

    /// A new key, everything else stays. The old one works on for the grace;
    /// without one, it and those from earlier graces stop at once.
    func rotate(_ request: ClientRotate, _ order: Order) async throws -> Changes<ClientView> {
        let grace = try request.grace.map { text in
            guard let length = Int64(duration: text), length > 0 else {
                throw CodedError(.badValue, "grace must be a duration like 24h")
            }
            return length
        }
        return try await change(order) { db, now in
            var outcome = ClientOutcome()
            for before in try ClientSelection.find(request.select, db) {
                let key = ClientKey.mint(before.environment)
                var row = before
                row.digest = key.digest
                row.masked = key.masked
                row.version += 1
                let end = grace.map(now.advanced(byMilliseconds:))
                if let end {
                    try ClientTable.addGrace(before.digest, of: row.id, until: end, db)
                } else {
                    outcome.deltas.append(.remove(before.digest))
                    outcome.deltas += try ClientTable.removeGraces(of: row.id, db).map { .remove($0) }
                }
                try ClientTable.update(row, db)
                var after = row.audit
                after["old_key_until"] = .text(end?.rfc3339)
                try AuditTable.append(
                    "clients.rotate", row.name, by: order.actor, at: now, before: before.audit, after: after,
                    db)
                let view = try row.view(at: now, secret: order.dryRun ? nil : key.secret, db)
                outcome.changes.items.append(Change(item: view, changed: true, outcome: "rotated"))
                outcome.deltas += try row.deltas(at: now, db)
            }
            return outcome
        }
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
