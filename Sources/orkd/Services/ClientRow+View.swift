internal import GRDB
import ORKit

extension ClientRow {
    func isExpired(at now: WallTime) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// `usable`, `disabled` or `expired`.
    func state(at now: WallTime) -> String {
        guard enabled else { return "disabled" }
        return isExpired(at: now) ? "expired" : "usable"
    }

    /// - Parameter secret: only in the answer that issues it.
    func view(at now: WallTime, secret: Secret? = nil, _ db: Database) throws -> ClientView {
        let use = try ClientUseTable.use(of: id, db)
        let poolName = try PoolTable.name(pool, db)
        var view = ClientView(
            id: id, name: name, enabled: enabled, disabledReason: disabledReason, state: state(at: now),
            environment: environment.rawValue, masked: masked, fingerprint: digest.short,
            permissions: permissions.names, pool: poolName, tags: tags, note: note,
            expiresAt: expiresAt?.rfc3339,
            addedAt: addedAt.rfc3339, lastUsedAt: use.last?.rfc3339, requests: use.requests, version: version,
            secret: secret?.withBytes { String(decoding: $0, as: UTF8.self) })
        func list(_ entries: [String]) -> [String]? { entries.isEmpty ? nil : entries }
        view.user = user == .house ? nil : try UserTable.row(db, id: user)?.name ?? String(user.raw)
        view.primary = isPrimary
        view.models = list(lists.models)
        view.endpoints = list(lists.endpoints)
        view.addresses = list(lists.addresses)
        view.referrers = list(lists.referrers)
        view.maxRequests = maxRequests
        if let maxRequests {
            let taken = try ClientCountTable.count(of: id, db)?.taken ?? 0
            view.requestsLeft = max(0, maxRequests - taken)
        }
        return view
    }

    /// As the data path holds it: of a disabled user no client is let in.
    func entry(_ db: Database) throws -> ClientEntry {
        let owner = user == .house ? nil : try UserTable.row(db, id: user)
        let isOwned = user == .house || owner?.enabled == true
        let cap = try maxRequests.flatMap { most in
            try ClientCountTable.count(of: id, db).map { RequestCap(serial: $0.serial, most: most) }
        }
        return ClientEntry(
            id: id, name: name, permissions: permissions, enabled: enabled && isOwned, expiresAt: expiresAt,
            pool: pool, user: user, isMetered: owner?.metered == true, masked: masked,
            rules: ClientRules(
                lists, cap: cap, trialEndsAt: owner?.subscription == .trial ? owner?.trialEndsAt : nil))
    }

    /// The client as the data path should know it: under its key, and under
    /// each old one until the end of its grace, but never beyond the client's
    /// own end.
    func deltas(at now: WallTime, _ db: Database) throws -> [ClientDelta] {
        let entry = try entry(db)
        var deltas: [ClientDelta] = [.put(digest, entry)]
        for grace in try ClientTable.graces(of: id, db) where grace.until > now {
            var old = entry
            old.expiresAt = min(grace.until, entry.expiresAt ?? grace.until)
            deltas.append(.put(grace.digest, old))
        }
        return deltas
    }
}
