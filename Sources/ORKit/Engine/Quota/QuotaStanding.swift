/// A quota as it stands at one moment: a function of what was used and of the
/// time.
public struct QuotaStanding: Sendable, Hashable {
    public let quota: Quota
    public let used: QuotaAmount
    public let capacity: Capacity
    /// When all of it is back: the window's end, or when the last of what was
    /// used has left it. Nil: nothing is used of a window that slides.
    public let reset: WallTime?
    /// When a quota that is used up is worth coming back to; nil: it can be
    /// used.
    public let back: WallTime?
    /// When the first of what was used leaves the window; nil: nothing does.
    let change: WallTime?
    let phase: QuotaUse.Phase

    public init(_ quota: Quota, _ use: QuotaUse, at now: WallTime) {
        self.quota = quota
        let window = quota.window
        let cells = use.counted(in: window, at: now)
        used = use.amount(in: window, at: now)
        let isOut = quota.isSpent(after: used) || (use.phase == .out && !quota.isWorthwhile(after: used))
        let capacity = Self.capacity(
            quota, left: quota.left(after: used), isRecovering: use.phase != .plain && !isOut)
        self.capacity = capacity
        phase = isOut ? .out : capacity == .recovering ? .recovering : .plain
        reset = window.end(at: now) ?? cells.last.map { window.departure(ofCell: $0.number, at: now) }
        change = cells.first.map { window.departure(ofCell: $0.number, at: now) }
        back = isOut ? Self.back(quota, cells, used, at: now) : nil
    }

    public var requestsLeft: Int64? { quota.left(after: used).requests }
    public var tokensLeft: Int64? { quota.left(after: used).tokens }

    /// `180 of 1000 requests left, daily`.
    public var text: String {
        let parts = [
            requestsLeft.flatMap { left in quota.requests.map { "\(left) of \($0) requests left" } },
            tokensLeft.flatMap { left in quota.tokens.map { "\(left) of \($0) tokens left" } },
            quota.window.text,
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    private static func capacity(
        _ quota: Quota, left: (requests: Int64?, tokens: Int64?), isRecovering: Bool
    ) -> Capacity {
        var worst = Capacity.abundant
        for (total, left) in [(quota.requests, left.requests), (quota.tokens, left.tokens)] {
            guard let total, let left else { continue }
            worst = worst.worse(Capacity(left: left, of: total, isRecovering: isRecovering))
        }
        return worst
    }

    private static func back(
        _ quota: Quota, _ cells: ArraySlice<QuotaUse.Cell>, _ used: QuotaAmount, at now: WallTime
    ) -> WallTime? {
        if let end = quota.window.end(at: now) { return end }
        var used = used
        for cell in cells {
            used = used - cell.amount
            if quota.isWorthwhile(after: used) { return quota.window.departure(ofCell: cell.number, at: now) }
        }
        return cells.last.map { quota.window.departure(ofCell: $0.number, at: now) }
    }
}
