import ORKit

/// What an export says about a key besides what any line of an import can
/// say, checked. A class, because most imports have none: what they hold of a
/// line stays small.
final class KeptKey: Sendable {
    let fingerprint: Digest
    let isAccountLearnt: Bool
    /// As it was named.
    let pool: String
    let priority: Int
    let maxInFlight: Int
    let enabled: Bool
    let disabledReason: String?
    let checked: Bool
    let addedAt: WallTime
    let facts: KeyFacts
    let quota: Quota?
    let use: QuotaUse?

    /// - Throws: `bad-value`.
    init(_ export: KeyExport) throws {
        fingerprint = try export.digest()
        isAccountLearnt = export.accountLearnt ?? false
        pool = export.pool
        priority = try KeyFields.priority(export.priority)
        maxInFlight = try KeyFields.maxInFlight(export.maxInFlight)
        enabled = export.enabled
        disabledReason = try KeyFields.reason(export.disabledReason)
        checked = export.checked
        addedAt = try export.added()
        facts = try export.facts()
        let held = try export.heldQuota()
        quota = held?.quota
        use = held?.use
    }
}
