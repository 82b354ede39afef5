/// What was used of one limit in its window.
///
/// A window that slides is a ring of cells, the oldest counted whole, so that
/// no true window ever holds more than the limit (ruling 22). A day is one
/// number. The ring is allocated when something is first used, and never
/// grows.
struct LimitCount: Sendable {
    let kind: LimitKind
    let window: QuotaWindow
    var limit: Int64
    /// Of what counts at `newest`.
    private(set) var sum: Int64 = 0
    /// The cell, or the day, that was counted in last.
    private var newest: Int64 = .min
    /// By the number of the cell, modulo their count; empty for a day.
    private var ring: [Int64] = []

    private static let cells = QuotaWindow.slidingCells + 1
    /// Far from where sums overflow.
    private static let fullest: Int64 = 1 << 61

    /// Nil for what is not counted over time.
    init?(_ kind: LimitKind, limit: Int64) {
        guard let window = kind.window else { return nil }
        self.kind = kind
        self.window = window
        self.limit = limit
    }

    private var isDay: Bool { window == .day }

    private func number(at moment: LimitMoment) -> Int64 {
        isDay ? moment.day : window.number(at: WallTime(milliseconds: moment.steady))
    }

    private static func place(_ cell: Int64) -> Int {
        let place = Int(cell % cells)
        return place < 0 ? place + Int(cells) : place
    }

    /// Forgets what no longer counts.
    mutating func roll(to moment: LimitMoment) {
        let number = number(at: moment)
        guard number > newest else { return }
        defer { newest = number }
        guard sum > 0 else { return }
        if isDay || number - newest >= Self.cells {
            sum = 0
            for place in ring.indices { ring[place] = 0 }
            return
        }
        for cell in newest + 1...number {
            sum -= ring[Self.place(cell)]
            ring[Self.place(cell)] = 0
        }
    }

    /// What a request of so many tokens takes of it.
    func amount(_ tokens: Int64) -> Int64 { kind.countsTokens ? tokens : 1 }

    var left: Int64 { max(0, limit - sum) }

    /// After `roll`.
    func hasRoom(for amount: Int64) -> Bool { amount == 0 || amount <= left }

    /// After `roll`.
    mutating func count(_ amount: Int64) { count(amount, in: newest) }

    private mutating func count(_ amount: Int64, in cell: Int64) {
        // A limit that only reports, or tokens beyond what was reserved, may go past it.
        let amount = min(amount, Self.fullest - sum)
        guard amount > 0 else { return }
        sum += amount
        guard !isDay else { return }
        if ring.isEmpty { ring = Array(repeating: 0, count: Int(Self.cells)) }
        ring[Self.place(cell)] += amount
    }

    /// After `roll`. Gives back what was reserved then, if it still counts.
    mutating func giveBack(_ amount: Int64, from then: LimitMoment) {
        let number = number(at: then)
        if isDay {
            if number == newest { sum -= min(sum, amount) }
        } else if !ring.isEmpty, number <= newest, newest - number < Self.cells {
            let part = min(ring[Self.place(number)], amount)
            ring[Self.place(number)] -= part
            sum -= part
        }
    }

    /// After `roll`. Counts what was counted then, if it still counts.
    mutating func recount(_ amount: Int64, from then: LimitMoment) {
        let number = min(number(at: then), newest)
        guard isDay ? number == newest : newest - number < Self.cells else { return }
        count(amount, in: number)
    }

    /// After `roll`: milliseconds until there is room if nothing else comes;
    /// nil: there never is.
    func wait(for amount: Int64, at moment: LimitMoment) -> Int64? {
        if hasRoom(for: amount) { return 0 }
        guard amount <= limit else { return nil }
        if isDay { return moment.nextDay - moment.steady }
        var rest = sum
        for cell in newest - Self.cells + 1...newest {
            rest -= ring[Self.place(cell)]
            if rest + amount <= limit { return departure(of: cell) - moment.steady }
        }
        return nil
    }

    /// After `roll`: milliseconds until all of it is back.
    func reset(at moment: LimitMoment) -> Int64 {
        if isDay { return moment.nextDay - moment.steady }
        guard sum > 0 else { return 0 }
        let last = (newest - Self.cells + 1...newest).last { ring[Self.place($0)] > 0 }
        return departure(of: last ?? newest) - moment.steady
    }

    private func departure(of cell: Int64) -> Int64 {
        window.start(ofCell: cell + Self.cells).milliseconds
    }
}

extension LimitCount {
    func pack(into writer: inout PackWriter) {
        writer.byte(kind.rawValue)
        writer.signed(newest)
        guard !isDay else { return writer.unsigned(UInt64(sum)) }
        let used =
            ring.isEmpty ? [] : (newest - Self.cells + 1...newest).filter { ring[Self.place($0)] > 0 }
        writer.unsigned(UInt64(used.count))
        for cell in used {
            writer.unsigned(UInt64(newest - cell))
            writer.unsigned(UInt64(ring[Self.place(cell)]))
        }
    }

    /// Nil where the bytes are no such count; the limit is not among them.
    /// What lies ahead of the clock counts as of now.
    init?(from reader: inout PackReader, at moment: LimitMoment) {
        guard let kind = reader.byte().flatMap(LimitKind.init), let number = reader.signed(),
            let first = reader.unsigned()
        else { return nil }
        self.init(kind, limit: 1)
        roll(to: moment)
        if isDay {
            if number >= newest { count(Int64(clamping: first)) }
            return
        }
        guard first <= UInt64(Self.cells) else { return nil }
        for _ in 0..<first {
            guard let age = reader.unsigned(), age < UInt64(Self.cells), let amount = reader.unsigned()
            else { return nil }
            let (cell, overflow) = number.subtractingReportingOverflow(Int64(age))
            guard !overflow, cell > newest - Self.cells else { continue }
            count(Int64(clamping: amount), in: min(cell, newest))
        }
    }
}
