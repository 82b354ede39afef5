internal import FoundationEssentials
internal import GRDB
import ORKit

extension Store {
    /// Every key with its secret and what was learnt about it: what the
    /// engine begins with. Blocks.
    ///
    /// - Throws: `master-key-wrong` when a secret cannot be opened.
    func loadKeys() throws -> [KeyRecord] {
        try readNow { db in
            let count = try KeyTable.count(db)
            var records: [KeyRecord] = []
            records.reserveCapacity(count)
            let cursor = try Row.fetchCursor(
                db,
                sql: """
                    SELECT id, provider, account, weight, enabled, sealed, fingerprint, pool, priority, \
                    max_in_flight, quota_requests, quota_tokens, quota_window, \(QuotaUseTable.columns), \
                    upstream_quota.at, \(KeyFactsTable.columns) FROM key \
                    LEFT JOIN key_facts ON key_facts.key_id = id \
                    LEFT JOIN quota_use ON quota_use.key_id = id \
                    LEFT JOIN upstream_quota ON upstream_quota.key_id = id ORDER BY id
                    """)
            while let row = try cursor.next() {
                let id = KeyID(row.number(0))
                let secret = try row.withUnsafeData(atIndex: 5) { sealed in
                    sealing.open(sealed ?? .init(), key: id, fingerprint: try row.digest(6))
                }
                guard let secret else { throw Self.unreadable(id) }
                records.append(
                    KeyRecord(
                        id: id, secret: secret, provider: row.text(1), account: row[2] as String?,
                        weight: Int(clamping: row.number(3)), enabled: row.number(4) != 0,
                        facts: try KeyFactsTable.read(row, from: 19), priority: Int(clamping: row.number(8)),
                        maxInFlight: Int(clamping: row.number(9)), pool: PoolID(row.number(7)),
                        quota: try row.quota(10), use: try QuotaUseTable.read(row, from: 13),
                        toldAt: row.time(18)))
            }
            tally.note(.access(.start), by: .daemon, about: nil, count: records.count)
            return records
        }
    }

    /// Every pool; what the engine must know before the keys. Blocks.
    func loadPools() throws -> [PoolRow] { try readNow { try PoolTable.rows($0) } }

    /// The stored strategy; nil: never chosen at run time.
    func loadStrategy() throws -> Strategy? {
        try readNow { try SettingTable.value(.strategy, $0) }.flatMap { Strategy(rawValue: $0) }
    }

    /// The secret of a row, for the engine or the upstream: counted for the
    /// audit trail.
    func open(_ row: KeyRow, for access: KeyAccess, by actor: Actor = .daemon) throws -> Secret {
        tally.note(.access(access), by: actor, about: row.name)
        guard let secret = sealing.open(row.sealed, key: row.id, fingerprint: row.fingerprint) else {
            throw Self.unreadable(row.id)
        }
        return secret
    }

    /// The row as the engine holds it; without what was learnt, which an
    /// update leaves alone.
    func record(_ row: KeyRow, by actor: Actor = .daemon) throws -> KeyRecord {
        KeyRecord(
            id: row.id, secret: try open(row, for: .change, by: actor), provider: row.provider,
            account: row.account, weight: row.weight,
            enabled: row.enabled, facts: KeyFacts(), priority: row.priority, maxInFlight: row.maxInFlight,
            pool: row.pool, quota: row.quota)
    }

    private static func unreadable(_ id: KeyID) -> CodedError {
        CodedError(.masterKeyWrong, "the sealed secret of key \(id.raw) does not open under this master key")
    }
}
