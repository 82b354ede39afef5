/// What was used in a quota's window, cell by cell; it survives a restart.
public struct QuotaUse: Sendable, Hashable {
    /// What using all of it leads to.
    public enum Phase: String, Sendable, CaseIterable {
        case plain
        /// Used up, and too little has come back to begin again.
        case out
        /// Begun again, with less than a fifth.
        case recovering
    }

    public struct Cell: Sendable, Hashable {
        public var number: Int64
        public var amount: QuotaAmount

        public init(number: Int64, amount: QuotaAmount) {
            self.number = number
            self.amount = amount
        }
    }

    /// Of a cell, milliseconds: cells of another length mean nothing.
    public private(set) var width: Int64 = 0
    /// Only those in which something was used, the oldest first.
    public private(set) var cells: [Cell] = []
    /// Of all cells.
    private var sum = QuotaAmount()
    public internal(set) var phase = Phase.plain
    /// What one request costs in tokens, the later ones counting more; zero
    /// before the first.
    public private(set) var tokensEach: Double = 0
    /// When the first of what is counted was used.
    public private(set) var since: WallTime?

    public init() {}

    /// As it was kept. What cannot be true is left out.
    public init(width: Int64, cells: [Cell], phase: Phase, tokensEach: Double, since: WallTime?) {
        self.width = width
        self.phase = phase
        self.tokensEach = tokensEach.isFinite ? min(max(0, tokensEach), Double(Quota.most)) : 0
        for cell in cells.suffix(Int(QuotaWindow.slidingCells) + 2)
        where cell.amount.requests >= 0 && cell.amount.tokens >= 0
            && cell.number > self.cells.last?.number ?? .min
        {
            self.cells.append(cell)
            sum = sum + cell.amount
        }
        self.since = self.cells.isEmpty ? nil : since
    }

    /// A request was sent.
    mutating func countRequest(in window: QuotaWindow, at now: WallTime) {
        count(QuotaAmount(requests: 1), in: window, at: now)
    }

    /// A request turned out to cost so many tokens.
    mutating func countTokens(_ tokens: Int64, in window: QuotaWindow, at now: WallTime) {
        let tokens = min(max(0, tokens), Quota.most)
        count(QuotaAmount(tokens: tokens), in: window, at: now)
        tokensEach = tokensEach == 0 ? Double(tokens) : tokensEach + 0.2 * (Double(tokens) - tokensEach)
    }

    private mutating func count(_ amount: QuotaAmount, in window: QuotaWindow, at now: WallTime) {
        roll(in: window, at: now)
        let number = window.number(at: now)
        // A clock that goes back adds to the newest cell: it leaves later, never sooner.
        if let last = cells.indices.last, cells[last].number >= number {
            cells[last].amount = cells[last].amount + amount
        } else {
            cells.append(Cell(number: number, amount: amount))
        }
        sum = sum + amount
        since = since ?? now
    }

    /// Forgets what no longer counts.
    mutating func roll(in window: QuotaWindow, at now: WallTime) {
        if width != window.cell {
            self = QuotaUse()
            width = window.cell
        }
        let gone = goneCells(in: window, at: now)
        if gone > 0 {
            for cell in cells.prefix(gone) { sum = sum - cell.amount }
            cells.removeFirst(gone)
        }
        if cells.isEmpty { since = nil }
    }

    /// How many of the oldest cells have left. A clock that was wrong by more
    /// than a window is no reason to count for ever: all of them.
    private func goneCells(in window: QuotaWindow, at now: WallTime) -> Int {
        guard let last = cells.last, last.number <= window.number(at: now) + QuotaWindow.slidingCells + 2
        else { return cells.count }
        let first = window.first(at: now)
        return cells.firstIndex { $0.number >= first } ?? cells.count
    }

    /// What counts at this moment, whether or not anybody has rolled since.
    public func amount(in window: QuotaWindow, at now: WallTime) -> QuotaAmount {
        let counted = counted(in: window, at: now)
        return counted.count == cells.count ? sum : counted.reduce(QuotaAmount()) { $0 + $1.amount }
    }

    func counted(in window: QuotaWindow, at now: WallTime) -> ArraySlice<Cell> {
        width == window.cell ? cells.dropFirst(goneCells(in: window, at: now)) : []
    }
}
