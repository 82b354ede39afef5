import Testing

@testable import ORKit

/// Lines as a daemon would write them: many requests at once, movements
/// between them, each with what it should add up to.
struct LedgerStory {
    private(set) var postings: [Posting] = []
    /// Counted here in another way: what users were given and what they paid.
    private(set) var balances: [UserID: Int64] = [:]
    private(set) var running: [Reservation] = []

    init(steps: Int, _ dice: inout Dice) {
        for step in 0..<steps { take(step, &dice) }
    }

    private mutating func take(_ step: Int, _ dice: inout Dice) {
        let user = UserID(Int64.random(in: 0..<5, using: &dice))
        switch Int.random(in: 0..<10, using: &dice) {
        case 0:
            let credits = Int64.random(in: -1000...100_000, using: &dice)
            balances[user, default: 0] += credits
            postings.append(.move(Movement(user: user, credits: credits, reason: .topUp)))
        case 1...4:
            let reservation = Reservation(
                request: RequestID(raw: UInt64(step + 1) << 20), user: user, client: ClientID(user.raw * 10),
                credits: Int64.random(in: 0...500, using: &dice))
            running.append(reservation)
            postings.append(.reserve(reservation))
        case 5 where !running.isEmpty:
            let place = running.indices.randomElement(using: &dice) ?? 0
            running[place].credits += 64
            postings.append(.grow(running[place].request, running[place].user, credits: 64))
        case 6 where !running.isEmpty:
            let request = running[running.count - 1].request
            postings.append(.sent(request, KeyID(3), generation: "gen-\(step)"))
        case 7...9 where !running.isEmpty:
            settle(running.remove(at: running.indices.randomElement(using: &dice) ?? 0), &dice)
        default: break
        }
    }

    private mutating func settle(_ reservation: Reservation, _ dice: inout Dice) {
        var usage = Usage()
        usage.prompt = Int64.random(in: 0...300, using: &dice)
        usage.completion = Int64.random(in: 0...300, using: &dice)
        usage.total = usage.prompt + usage.completion
        if Bool.random(using: &dice) { usage.cost = Money(pico: usage.total * 20_000_000) }
        balances[reservation.user, default: 0] -= usage.total
        let model: String? = ["openai/gpt-4o", "a/b:free", nil].randomElement(using: &dice) ?? nil
        postings.append(
            .settle(
                Settlement(
                    request: reservation.request, user: reservation.user, client: reservation.client,
                    key: Bool.random(using: &dice) ? KeyID(7) : nil, model: model,
                    end: RequestEnd.allCases.randomElement(using: &dice) ?? .complete, usage: usage,
                    quality: UsageQuality.allCases.randomElement(using: &dice) ?? .exact,
                    held: reservation.credits, charged: usage.total,
                    generation: Bool.random(using: &dice) ? "gen-1" : nil)))
    }

    /// What all lines add up to.
    func replay() throws -> Replay {
        var replay = Replay()
        for posting in postings { try replay.add(posting) }
        return replay
    }
}
