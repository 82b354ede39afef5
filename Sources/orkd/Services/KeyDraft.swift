internal import GRDB
import ORKit

/// A key that somebody wants in the pool: checked for form, not yet a row.
struct KeyDraft: Sendable {
    let secret: Secret
    let fingerprint: Digest
    var name: String
    let provider: String
    private(set) var account: String?
    /// The upstream named it.
    private var isAccountLearnt = false
    /// What upstream said about it.
    private(set) var finding = KeyFinding()
    /// What an export said about it.
    private(set) var kept: KeptKey?
    let weight: Int
    private(set) var priority = 0
    private(set) var maxInFlight = 0
    let tags: [String: String]
    let metadata: [String: String]

    /// - Throws: `bad-value`, `bad-format`.
    init(_ request: KeyAdd) throws {
        name = try KeyFields.name(request.name)
        secret = try KeyFields.secret(request.secret)
        fingerprint = .of(secret)
        provider = try KeyFields.provider(request.provider)
        account = try request.account.map(KeyFields.account)
        weight = try KeyFields.weight(request.weight)
        priority = try KeyFields.priority(request.priority)
        maxInFlight = try KeyFields.maxInFlight(request.maxInFlight)
        tags = try KeyFields.map([:], changed: request.tags ?? [:], noun: "tag")
        metadata = try KeyFields.map([:], changed: request.metadata ?? [:], noun: "metadata entry")
    }

    init(
        secret: Secret, fingerprint: Digest, name: String, provider: String, account: String?, weight: Int,
        tags: [String: String], metadata: [String: String], kept: KeptKey? = nil
    ) {
        self.secret = secret
        self.fingerprint = fingerprint
        self.name = name
        self.provider = provider
        self.account = account
        self.weight = weight
        self.tags = tags
        self.metadata = metadata
        guard let kept else { return }
        self.kept = kept
        isAccountLearnt = kept.isAccountLearnt
        priority = kept.priority
        maxInFlight = kept.maxInFlight
    }

    /// The row with its secret sealed. Outside the writer: sealing takes as
    /// long as writing.
    func row(_ id: KeyID, _ sealing: Sealing, at now: WallTime) throws -> KeyRow {
        var row = KeyRow(
            id: id, name: name, provider: provider, account: account, weight: weight,
            enabled: kept?.enabled ?? true, disabledReason: kept?.disabledReason,
            sealed: try sealing.seal(secret, key: id, fingerprint: fingerprint),
            fingerprint: fingerprint, masked: secret.masked,
            checked: finding.isChecked || kept?.checked ?? false, tags: tags, metadata: metadata,
            addedAt: kept?.addedAt ?? now, version: 1, priority: priority, maxInFlight: maxInFlight)
        row.quota = kept?.quota
        row.belong(to: account, learnt: isAccountLearnt, since: now)
        return row
    }

    /// With what upstream said about it. Whose it is only if nobody has said
    /// that.
    mutating func take(_ finding: KeyFinding) {
        self.finding = finding
        guard account == nil else { return }
        account = finding.account
        isAccountLearnt = true
    }

    /// Puts its row into the table, with what upstream or an export said
    /// about it.
    ///
    /// - Returns: false when the name or the secret is there already.
    func insert(_ row: KeyRow, _ db: Database) throws -> Bool {
        guard try KeyTable.insert(row, db) else { return false }
        try finding.keepQuota(of: row.id, fingerprint: row.fingerprint, db)
        if let kept {
            try KeyFactsTable.put(kept.facts, of: row.id, db)
            if let use = kept.use { try QuotaUseTable.put(use, of: row.id, db) }
        }
        return true
    }

    /// As the engine begins with it.
    func record(_ row: KeyRow) -> KeyRecord {
        KeyRecord(
            id: row.id, secret: secret, provider: row.provider, account: row.account, weight: row.weight,
            enabled: row.enabled, facts: kept?.facts ?? KeyFacts(), priority: row.priority,
            maxInFlight: row.maxInFlight, pool: row.pool, quota: row.quota, use: kept?.use,
            toldAt: finding.quota?.at)
    }

    /// What the pool has that stands in its way.
    enum Match: Sendable {
        case new
        /// The same secret, under whatever name.
        case known(KeyRow)
        /// The same name with another secret.
        case taken(KeyRow)
    }

    func match(_ db: Database) throws -> Match {
        if let row = try KeyTable.row(db, fingerprint: fingerprint) { return .known(row) }
        if let row = try KeyTable.row(db, name: name) { return .taken(row) }
        return .new
    }
}
