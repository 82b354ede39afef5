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
        tags: [String: String], metadata: [String: String]
    ) {
        self.secret = secret
        self.fingerprint = fingerprint
        self.name = name
        self.provider = provider
        self.account = account
        self.weight = weight
        self.tags = tags
        self.metadata = metadata
    }

    /// The row with its secret sealed. Outside the writer: sealing takes as
    /// long as writing.
    func row(_ id: KeyID, _ sealing: Sealing, checked: Bool, at now: WallTime) throws -> KeyRow {
        var row = KeyRow(
            id: id, name: name, provider: provider, account: account, weight: weight, enabled: true,
            disabledReason: nil, sealed: try sealing.seal(secret, key: id, fingerprint: fingerprint),
            fingerprint: fingerprint, masked: secret.masked, checked: checked, tags: tags, metadata: metadata,
            addedAt: now, version: 1, priority: priority, maxInFlight: maxInFlight)
        row.belong(to: account, learnt: isAccountLearnt, since: now)
        return row
    }

    /// With the account that upstream named, if nobody has said another.
    func belonging(to account: String?) -> KeyDraft {
        var draft = self
        guard self.account == nil else { return draft }
        draft.account = account
        draft.isAccountLearnt = true
        return draft
    }

    /// As the engine begins with it.
    func record(_ id: KeyID) -> KeyRecord {
        KeyRecord(
            id: id, secret: secret, provider: provider, account: account, weight: weight, enabled: true,
            facts: KeyFacts(), priority: priority, maxInFlight: maxInFlight)
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
