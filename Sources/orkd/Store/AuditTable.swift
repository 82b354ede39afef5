internal import FoundationEssentials
internal import GRDB
import ORKit

/// Who changed what (EN-05): one row in the transaction of every change.
/// Secrets appear as fingerprints only.
enum AuditTable {
    /// - Parameters:
    ///   - verb: `keys.add`, `clients.rotate`, `config.set`, …
    ///   - subject: name of the thing, or what the change was about.
    static func append(
        _ verb: String, _ subject: String, by actor: Actor, at now: WallTime,
        before: [String: AuditValue]? = nil, after: [String: AuditValue]? = nil, _ db: Database
    ) throws {
        let statement = try db.cachedStatement(
            sql:
                "INSERT INTO audit (at, uid, gid, pid, verb, subject, before, after, caller) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        try statement.execute(arguments: [
            now.milliseconds, Int64(actor.uid), Int64(actor.gid), Int64(actor.pid), verb, subject,
            try text(before),
            try text(after), actor.caller,
        ])
    }

    /// Rows that a filter lets through, the newest first.
    ///
    /// - Parameter id: only rows below it.
    static func newest(
        below id: Int64?, limit: Int, _ filter: AuditFilter, _ db: Database
    ) throws -> [AuditRow] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, at, uid, gid, pid, verb, subject, before, after, caller FROM audit \
                WHERE id < ? AND at >= ? AND at < ? ORDER BY id DESC
                """)
        let cursor = try Row.fetchCursor(
            statement,
            arguments: [id ?? .max, filter.since?.milliseconds ?? .min, filter.until?.milliseconds ?? .max])
        var rows: [AuditRow] = []
        while rows.count < limit, let row = try cursor.next() {
            let (uid, pid) = (UInt32(clamping: row.number(2)), Int32(clamping: row.number(4)))
            let (verb, subject) = (row.text(5), row.text(6))
            let found = AuditRow(
                id: row.number(0), at: row.time(1) ?? WallTime(milliseconds: 0), uid: uid,
                gid: UInt32(clamping: row.number(3)), pid: pid, verb: verb, subject: subject,
                before: row[7], after: row[8], caller: row[9])
            if filter.includes(found.actor, action: verb, target: subject) { rows.append(found) }
        }
        return rows
    }

    private static func text(_ values: [String: AuditValue]?) throws -> String? {
        guard let values else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(values), as: UTF8.self)
    }
}

/// A value in an audit row.
enum AuditValue: Encodable, Sendable, ExpressibleByStringLiteral {
    case text(String?)
    case number(Int64)
    case flag(Bool)
    case map([String: String])

    init(stringLiteral value: String) { self = .text(value) }

    func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        switch self {
        case .text(let value): try box.encode(value)
        case .number(let value): try box.encode(value)
        case .flag(let value): try box.encode(value)
        case .map(let value): try box.encode(value)
        }
    }
}

extension KeyRow {
    var audit: [String: AuditValue] {
        [
            "name": .text(name), "provider": .text(provider), "account": .text(account),
            "weight": .number(Int64(weight)), "enabled": .flag(enabled), "reason": .text(disabledReason),
            "fingerprint": .text(fingerprint.short), "tags": .map(tags), "metadata": .map(metadata),
            "version": .number(version), "pool": .number(pool.raw), "priority": .number(Int64(priority)),
            "max_in_flight": .number(Int64(maxInFlight)), "quota": .text(quota?.text),
        ]
    }
}

extension ClientRow {
    var audit: [String: AuditValue] {
        [
            "name": .text(name), "environment": .text(environment.rawValue), "enabled": .flag(enabled),
            "reason": .text(disabledReason), "permissions": .text(permissions.names.joined(separator: ",")),
            "expires": .text(expiresAt?.rfc3339), "fingerprint": .text(digest.short), "tags": .map(tags),
            "note": .text(note), "version": .number(version), "pool": .number(pool.raw),
            "user": user == .house ? .text(nil) : .number(user.raw), "primary": .flag(isPrimary),
            "models": .text(lists.models.joined(separator: ",")),
            "endpoints": .text(lists.endpoints.joined(separator: ",")),
            "addresses": .text(lists.addresses.joined(separator: ",")),
            "referrers": .text(lists.referrers.joined(separator: ",")),
            "max_requests": maxRequests.map { .number($0) } ?? .text(nil),
        ]
    }
}

extension UserRow {
    var audit: [String: AuditValue] {
        [
            "name": .text(name), "email": .text(email), "auth_method": .text(authMethod?.rawValue),
            "enabled": .flag(enabled), "reason": .text(disabledReason), "metered": .flag(metered),
            "subscription": .text(subscription.rawValue), "trial_ends": .text(trialEndsAt?.rfc3339),
            "preferences": .text(preferences), "note": .text(note), "tags": .map(tags),
            "version": .number(version),
        ]
    }
}
