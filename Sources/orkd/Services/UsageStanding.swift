import ORKit

/// What somebody's requests came to until now. Days and months are the
/// calendar's, in UTC.
struct UsageStanding: Sendable {
    var total: UsageSum
    var today: UsageSum
    var month: UsageSum
    /// What most requests were answered by; nil: none was.
    var model: String?
    /// When the last answer of a model ended.
    var last: WallTime?
}
