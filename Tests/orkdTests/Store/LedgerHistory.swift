import GRDB
import ORKit
import Testing

@testable import orkd

/// Three weeks of a ledger, with requests that are open over several commits,
/// corrections, and a clock that is sometimes set back.
struct LedgerHistory {
    private var rng: SeededGenerator
    private let end: WallTime
    private var next: UInt64 = 1
    private var open: [Reservation] = []
    private var ended: [Settlement] = []

    /// - Parameter end: when its last row is written, or a bit earlier.
    init(seed: UInt64, end: WallTime) {
        rng = SeededGenerator(seed: seed)
        self.end = end
    }

    /// Writes it all. Nothing is open in the end.
    mutating func write(rows: Int = 400, _ db: Database) throws {
        var ledger = try LedgerEnd(db)
        let pause = 21 * 86_400_000 / Int64(rows)
        for row in 1...Int64(rows) {
            let isSetBack = Int.random(in: 0..<40, using: &rng) == 0
            let before = (Int64(rows) - row + (isSetBack ? 3 : 0)) * pause
            let at = end.advanced(byMilliseconds: -before - .random(in: 1...pause, using: &rng))
            let refused = try ledger.append(some(), at: at, db)
            #expect(refused.isEmpty)
        }
        let rest = open.map { Posting.settle(settlement(of: $0)) }
        _ = try ledger.append(rest, at: end.advanced(byMilliseconds: -1), db)
        try ledger.keepSums(db)
    }

    private mutating func some() -> [Posting] {
        (0..<Int.random(in: 1...4, using: &rng)).map { _ in one() }
    }

    private mutating func one() -> Posting {
        switch Int.random(in: 0..<10, using: &rng) {
        case 0:
            return .move(
                Movement(user: user(), credits: .random(in: 1...9000, using: &rng), reason: .topUp))
        case 1 where !ended.isEmpty:
            let end = ended[Int.random(in: 0..<ended.count, using: &rng)]
            return .correct(
                Correction(
                    request: end.request, user: end.user, client: end.client, key: end.key, model: end.model,
                    usage: usage(), quality: .reconciled, charged: .random(in: 0...20, using: &rng)))
        case 2...5 where !open.isEmpty:
            let reservation = open.remove(at: Int.random(in: 0..<open.count, using: &rng))
            let end = settlement(of: reservation)
            ended.append(end)
            return .settle(end)
        default:
            let reservation = Reservation(
                request: RequestID(raw: next), user: user(),
                client: ClientID(.random(in: 1...9, using: &rng)),
                credits: .random(in: 0...90, using: &rng))
            next += 1
            open.append(reservation)
            return .reserve(reservation)
        }
    }

    private mutating func user() -> UserID { UserID(.random(in: 0...4, using: &rng)) }

    private mutating func usage() -> Usage {
        var usage = Usage()
        usage.prompt = .random(in: 0...500, using: &rng)
        usage.completion = .random(in: 0...500, using: &rng)
        usage.cost = Money(pico: .random(in: 0...1_000_000_000, using: &rng))
        return usage
    }

    private mutating func settlement(of reservation: Reservation) -> Settlement {
        Settlement(
            request: reservation.request, user: reservation.user, client: reservation.client,
            key: KeyID(.random(in: 1...3, using: &rng)), model: "v/m-\(Int.random(in: 1...5, using: &rng))",
            end: Int.random(in: 0..<4, using: &rng) == 0 ? .truncated : .complete, usage: usage(),
            quality: .exact, held: reservation.credits, charged: .random(in: 0...90, using: &rng),
            generation: nil)
    }
}
