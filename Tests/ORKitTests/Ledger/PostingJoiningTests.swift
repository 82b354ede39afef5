import Testing

@testable import ORKit

@Suite("Lines that come to the disk together")
struct PostingJoiningTests {
    private func settlement(_ request: UInt64, isWhole: Bool) -> Posting {
        .settle(
            Settlement(
                request: RequestID(raw: request), user: UserID(1), client: ClientID(2), key: nil, model: nil,
                end: .complete, usage: Usage(), quality: .none, held: 0, charged: 0, isWhole: isWhole,
                generation: nil))
    }

    private func line(_ request: UInt64, _ dice: inout Dice) -> Posting {
        let id = RequestID(raw: request)
        return switch Int.random(in: 0..<9, using: &dice) {
        case 0...2:
            .reserve(Reservation(request: id, user: UserID(1), client: ClientID(2), credits: 7))
        case 3: .grow(id, UserID(1), credits: 3)
        case 4: .sent(id, KeyID(3), generation: nil)
        case 5: .move(Movement(user: UserID(1), credits: 5, reason: .topUp))
        default: settlement(request, isWhole: Bool.random(using: &dice))
        }
    }

    /// The same in few words.
    private func reference(_ postings: [Posting]) -> [Posting] {
        var (begun, whole): (Set<RequestID>, Set<RequestID>) = ([], [])
        for case .reserve(let reservation) in postings { begun.insert(reservation.request) }
        for case .settle(let end) in postings where begun.contains(end.request) { whole.insert(end.request) }
        return postings.compactMap { posting in
            switch posting {
            case .reserve(let reservation) where whole.contains(reservation.request): return nil
            case .grow(let request, _, _) where whole.contains(request): return nil
            case .sent(let request, _, _) where whole.contains(request): return nil
            case .settle(let end) where whole.contains(end.request):
                return settlement(end.request.raw, isWhole: true)
            default: return posting
            }
        }
    }

    /// Lines in any order, also such as contradict each other.
    @Test("what begins and ends in them is one line, all else stays as it was", arguments: 1...10)
    func joined(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        for size in 0..<60 {
            // Ids of one moment, and some that differ in their highest bits only.
            let postings = (0..<size).map { _ in
                let number = UInt64.random(in: 0..<30, using: &dice)
                return line(number % 3 == 0 ? number << 58 : number << 14, &dice)
            }
            #expect(Posting.joined(postings) == reference(postings))
        }
    }

    @Test("settlements that are whole already stay as they are")
    func whole() {
        let postings = (0..<50).map { settlement($0, isWhole: true) }
        #expect(Posting.joined(postings) == postings)
    }
}
