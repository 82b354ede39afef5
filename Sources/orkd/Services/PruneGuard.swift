import ORKit

/// Keeps a rule that suddenly matches a large part from removing it
/// (cli.md 6): by default at most 10 %, but 10 things always, and never
/// everything.
enum PruneGuard {
    /// - Parameters:
    ///   - count: how many would be removed, of how many.
    ///   - limit: what the operator said: a number, `none`, or nothing.
    ///   - noun: `keys` or `clients`.
    /// - Throws: `too-many`; `bad-value` for a limit that is neither.
    static func check(_ count: Int, of total: Int, limit: String?, noun: String) throws {
        guard limit != "none" else { return }
        guard let most = limit.map({ Int($0) }) ?? max(10, total / 10), most >= 0 else {
            throw CodedError(.badValue, "max must be a whole number or none")
        }
        guard count > 0 else { return }
        let look = "look first:   orkctl \(noun) prune --dry-run"
        if count > most {
            throw CodedError(
                .tooMany, "would remove \(count) of \(total) \(noun), more than the guard of \(most)",
                hints: [look, "raise the guard:   orkctl \(noun) prune --max \(count)"])
        }
        if count == total {
            throw CodedError(
                .tooMany, "would remove all \(total) \(noun)",
                hints: [look, "switch the guard off:   orkctl \(noun) prune --max none"])
        }
    }
}
