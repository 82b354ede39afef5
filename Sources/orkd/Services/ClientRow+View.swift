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
        let pool = try PoolTable.name(pool, db)
        return ClientView(
            id: id, name: name, enabled: enabled, disabledReason: disabledReason, state: state(at: now),
            environment: environment.rawValue, masked: masked, fingerprint: digest.short,
            permissions: permissions.names, pool: pool, tags: tags, note: note, expiresAt: expiresAt?.rfc3339,
            addedAt: addedAt.rfc3339, lastUsedAt: use.last?.rfc3339, requests: use.requests, version: version,
            secret: secret?.withBytes { String(decoding: $0, as: UTF8.self) })
    }

    /// The client as the data path should know it: under its key, and under
    /// each old one until the end of its grace, but never beyond the client's
    /// own end.
    func deltas(at now: WallTime, _ db: Database) throws -> [ClientDelta] {
        var deltas: [ClientDelta] = [.put(digest, entry)]
        for grace in try ClientTable.graces(of: id, db) where grace.until > now {
            var old = entry
            old.expiresAt = min(grace.until, entry.expiresAt ?? grace.until)
            deltas.append(.put(grace.digest, old))
        }
        return deltas
    }
}
