@testable import ORKit

/// A random course of what users, operators, the disk and the power do: books in
/// memory, lines that wait for the disk, lines that are on it, crashes between.
struct LedgerCourse {
    /// A guard that is left out, to see it missed.
    enum Fault: CaseIterable {
        /// What ran at a crash keeps what it held.
        case forgetsTheOpen
        case settlesTwice
        /// A charge is made in memory and never written.
        case leavesOutALine
        /// What cannot be held is admitted.
        case admitsAnyway
    }

    private(set) var violations: [String] = []
    private(set) var events: [String: Int] = [:]

    private let fault: Fault?
    private var dice: Dice
    private var oracle = LedgerOracle()
    private var books = Books()
    private var disk = Replay()
    private var waiting: [Posting] = []
    private var running: [Reservation] = []
    private var next: UInt64 = 0

    private static let users = (1...4).map { UserID($0) }

    init(seed: UInt64, fault: Fault? = nil) {
        dice = Dice(seed: seed)
        self.fault = fault
        for user in Self.users { books.open(user) }
    }

    mutating func run(_ operations: Int) {
        for _ in 0..<operations where violations.count < 5 {
            step()
            for user in Self.users { compare(user) }
        }
    }

    private mutating func step() {
        let user = Self.users[Int.random(in: 0..<Self.users.count, using: &dice)]
        switch Int.random(in: 0..<100, using: &dice) {
        case 0..<10: move(.random(in: -400...600, using: &dice), user)
        case 10..<45: begin(.random(in: 0...200, using: &dice), user)
        case 45..<55: grow()
        case 55..<85: end()
        case 85..<98: commit()
        case 98: note("a failed commit")  // Nothing is lost: the lines go on waiting.
        default: crash()
        }
    }

    private mutating func note(_ event: String) { events[event, default: 0] += 1 }

    private mutating func move(_ credits: Int64, _ user: UserID) {
        // A deduction must be covered, as by an operator's order.
        guard credits > 0 || oracle.mayHold(-credits, user) else { return note("an uncovered deduction") }
        guard books.move(credits, of: user) != nil else { return violations.append("a move was refused") }
        note("a move")
        oracle.moved(credits, user)
        waiting.append(.move(Movement(user: user, credits: credits, reason: .topUp)))
    }

    private mutating func begin(_ credits: Int64, _ user: UserID) {
        let may = oracle.mayHold(credits, user)
        let does = books.hold(credits, of: user) || fault == .admitsAnyway
        note(does ? "an admission" : "a refusal")
        if may != does { violations.append("\(credits) were \(does ? "held" : "refused") of \(user)") }
        guard does else { return }
        next += 1
        let reservation = Reservation(
            request: RequestID(raw: next), user: user, client: ClientID(user.raw), credits: credits)
        oracle.began(next, credits, user)
        waiting.append(.reserve(reservation))
        running.append(reservation)
    }

    private mutating func grow() {
        guard let place = running.indices.randomElement(using: &dice) else { return }
        let more = books.holdSome(64, of: running[place].user)
        guard more > 0 else { return note("no more to hold") }
        note("a growth")
        running[place].credits += more
        oracle.grew(running[place].request.raw, by: more)
        waiting.append(.grow(running[place].request, running[place].user, credits: more))
    }

    private mutating func end() {
        guard let place = running.indices.randomElement(using: &dice) else { return }
        let reservation = running.remove(at: place)
        // Now and then by what was in flight more than it held.
        let excess: Int64 = Int.random(in: 0..<8, using: &dice) == 0 ? 30 : 0
        let cost = Int64.random(in: 0...reservation.credits + excess, using: &dice)
        note(cost > reservation.credits ? "an end beyond its hold" : "an end")
        books.settle(held: reservation.credits, charged: cost, of: reservation.user)
        oracle.ended(reservation.request.raw, cost)
        let line = Posting.settle(
            Settlement(
                request: reservation.request, user: reservation.user, client: reservation.client,
                key: KeyID(1),
                model: "a/b", end: .complete, usage: Usage(), quality: .exact, held: reservation.credits,
                charged: cost, generation: nil))
        if fault != .leavesOutALine || cost == 0 { waiting.append(line) }
        if fault == .settlesTwice { waiting.append(line) }
    }

    private mutating func commit() {
        note("a commit")
        guard let lines = Posting.unpack(Posting.pack(Posting.joined(waiting))) else {
            return violations.append("what was written cannot be read")
        }
        waiting = []
        for line in lines {
            do { try disk.add(line) } catch { violations.append("\(error)") }
        }
        oracle.committed()
        for user in Self.users where disk.accounts[user, default: .init()] != books[user] {
            violations.append("on disk \(user) has something else")
        }
        let (free, held) = disk.accounts.values.reduce((0, 0)) { ($0.0 + $1.free, $0.1 + $1.held) }
        if disk.sums.given != disk.sums.spent + free + held { violations.append("credits came from nowhere") }
    }

    private mutating func crash() {
        note("a crash")
        waiting = []
        running = []
        oracle.crashed()
        for line in fault == .forgetsTheOpen ? [] : disk.recovery {
            do { try disk.add(line) } catch { violations.append("\(error)") }
        }
        if fault == nil, !disk.open.isEmpty { violations.append("something is open after a recovery") }
        books = Books()
        books.load(disk.accounts)
        for user in Self.users { books.open(user) }
    }

    private mutating func compare(_ user: UserID) {
        let account = books[user]
        if account?.balance != oracle.balance(user) || account?.held != oracle.held(user) {
            violations.append("\(user) has \(account?.balance ?? 0) and holds \(account?.held ?? 0)")
        }
    }
}
