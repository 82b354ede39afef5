/// What was used lately, and how evenly.
struct QuotaSample: Sendable {
    let amount: QuotaAmount
    let milliseconds: Double
    let uncertainty: Double
    /// Long enough to have seen ups and downs.
    let isLong: Bool

    /// Cells looked at, besides the present one.
    private static let memory: Int64 = 10
    /// A shorter look tells nothing, milliseconds.
    private static let shortest: Int64 = 60_000
    /// Fewer requests tell nothing.
    private static let fewest: Int64 = 5

    /// Nil: too little was used lately to tell.
    init?(_ window: QuotaWindow, _ use: QuotaUse, at now: WallTime) {
        let present = window.number(at: now)
        let oldest = present - Self.memory
        let cells = use.counted(in: window, at: now).filter { $0.number >= oldest }
        let amount = cells.reduce(QuotaAmount()) { $0 + $1.amount }
        guard let since = use.since, amount.requests >= Self.fewest else { return nil }
        let start = max(since, window.start(ofCell: oldest), window.start(ofCell: window.first(at: now)))
        let length = now.milliseconds(since: start)
        guard length >= min(Self.shortest, 10 * window.cell) else { return nil }
        self.amount = amount
        milliseconds = Double(length)
        // Whole cells only, also those in which nothing was used.
        let firstWhole = max(oldest, window.number(at: start) + 1)
        let whole = max(0, present - firstWhole)
        let counts = cells.filter { $0.number >= firstWhole && $0.number < present }
            .map { Double($0.amount.requests) }
        isLong = whole >= 3
        let chance = 1 / Double(amount.requests).squareRoot()
        let mean = counts.reduce(0, +) / Double(max(whole, 1))
        guard isLong, mean > 0 else {
            uncertainty = chance
            return
        }
        let squares =
            counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            + mean * mean * Double(whole - Int64(counts.count))
        let spread = (squares / Double(whole - 1)).squareRoot() / mean
        uncertainty = max(spread / Double(whole).squareRoot(), min(chance, 0.05))
    }
}
