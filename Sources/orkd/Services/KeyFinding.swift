internal import GRDB
import ORKit

/// What upstream said about a secret that is about to be used, as far as it
/// is kept.
struct KeyFinding: Sendable {
    /// Upstream confirmed the key.
    var isChecked = false
    /// Whose it is.
    var account: String?
    /// What is left, as upstream says.
    var quota: UpstreamQuota?
    var warnings: [Remark] = []
}

extension KeyFinding {
    /// - Parameter answer: of a key that is taken.
    init(_ answer: ProbeAnswer, at now: WallTime) {
        switch answer {
        case .valid(let info):
            self.init(isChecked: true, account: info.account, quota: info.quota(at: now))
        case .limited: self.init(isChecked: true)
        case .rejected, .unreachable: self.init()
        }
    }

    /// What has a table of its own. Only while the key has the secret that was
    /// asked about.
    func keepQuota(of key: KeyID, fingerprint: Digest, _ db: Database) throws {
        if let quota { try UpstreamQuotaTable.put(quota, of: key, fingerprint: fingerprint, db) }
    }
}
