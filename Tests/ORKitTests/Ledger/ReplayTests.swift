import Testing

@testable import ORKit

@Suite("What the postings of the ledger add up to")
struct ReplayTests {
    private func reservation(_ credits: Int64 = 40) -> Reservation {
        Reservation(request: RequestID(raw: 9), user: UserID(1), client: ClientID(2), credits: credits)
    }

    private func settlement(held: Int64, charged: Int64, isWhole: Bool = false) -> Posting {
        .settle(
            Settlement(
                request: RequestID(raw: 9), user: UserID(1), client: ClientID(2), key: KeyID(3), model: "a/b",
                end: .complete, usage: Usage(), quality: .exact, held: held, charged: charged,
                isWhole: isWhole, generation: nil))
    }

    @Test("every line moves as much to one side as from the other", arguments: 1...20)
    func everyLineIsBalanced(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        for posting in LedgerStory(steps: 300, &dice).postings {
            let legs = try #require(posting.legs)
            #expect(legs.outside + legs.free + legs.held + legs.spent == 0)
        }
    }

    @Test("balances are what was given less what was charged, whatever runs meanwhile", arguments: 1...20)
    func balancesAreExact(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        let story = LedgerStory(steps: 400, &dice)
        let replay = try story.replay()
        for (user, balance) in story.balances {
            #expect(replay.accounts[user, default: .init()].balance == balance)
        }
        let held = replay.accounts.values.reduce(0) { $0 + $1.held }
        #expect(held == story.running.reduce(0) { $0 + $1.credits })
        let free = replay.accounts.values.reduce(0) { $0 + $1.free }
        #expect(replay.sums.given == replay.sums.spent + free + held)
    }

    @Test("what comes to the disk together adds up to the same as one by one", arguments: 1...20)
    func joinedLinesAddUpToTheSame(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        let story = LedgerStory(steps: 400, &dice)
        var replay = Replay()
        var rest = story.postings[...]
        var lines = 0
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Int.random(in: 1...60, using: &dice)))
            rest = rest.dropFirst(batch.count)
            let joined = Posting.joined(batch)
            for posting in joined { try replay.add(posting) }
            lines += joined.count
        }
        #expect(try replay == story.replay())
        #expect(lines < story.postings.count)
    }

    @Test("who has as much as anybody may have is charged like others", arguments: [true, false])
    func largestBalance(isWhole: Bool) throws {
        var replay = Replay()
        try replay.add(.move(Movement(user: UserID(1), credits: Credits.most, reason: .topUp)))
        if !isWhole { try replay.add(.reserve(reservation())) }
        try replay.add(settlement(held: 40, charged: 25, isWhole: isWhole))
        #expect(replay.accounts[UserID(1)] == .init(free: Credits.most - 25, held: 0))
        #expect(throws: Replay.Fault.amount) {
            try replay.add(.move(Movement(user: UserID(1), credits: 26, reason: .topUp)))
        }
    }

    @Test("a reservation that nobody settled is open, with the key and the generation that served it")
    func openReservationsAreKnown() throws {
        var replay = Replay()
        try replay.add(.reserve(reservation()))
        try replay.add(.sent(RequestID(raw: 9), KeyID(3), generation: "gen-1"))
        let open = try #require(replay.open[RequestID(raw: 9)])
        #expect(open.credits == 40 && open.key == KeyID(3) && open.generation == "gen-1")
    }

    @Test("after a crash what was held is free again, nothing is charged, and the cost is unknown")
    func recoveryGivesBack() throws {
        var replay = Replay()
        try replay.add(.move(Movement(user: UserID(1), credits: 100, reason: .topUp)))
        try replay.add(.reserve(reservation()))
        let recovery = replay.recovery
        for posting in recovery { try replay.add(posting) }
        #expect(replay.open.isEmpty && replay.accounts[UserID(1)] == .init(free: 100, held: 0))
        guard case .settle(let end) = try #require(recovery.first) else {
            Issue.record("no settlement")
            return
        }
        #expect(end.quality == .unknown && end.end == .interrupted && end.charged == 0)
    }

    @Test("a line that cannot follow is refused and changes nothing")
    func contradictionsAreRefused() throws {
        var replay = Replay()
        try replay.add(.reserve(reservation()))
        let before = replay
        func refuses(_ fault: Replay.Fault, _ posting: Posting) {
            var copy = before
            do {
                try copy.add(posting)
                Issue.record("\(posting) was taken")
            } catch {
                #expect(error == fault)
            }
            #expect(copy == before)
        }
        let request = RequestID(raw: 9)
        refuses(.begunTwice(request), .reserve(reservation()))
        refuses(.wrongHold(request), settlement(held: 39, charged: 1))
        refuses(.begunTwice(request), settlement(held: 40, charged: 1, isWhole: true))
        refuses(.amount, settlement(held: 40, charged: Credits.most + 1))
        refuses(.amount, .move(Movement(user: UserID(1), credits: .min, reason: .deduct)))
        refuses(.notOpen(request), .correct(correction))
        try replay.add(settlement(held: 40, charged: 1))
        do {
            try replay.add(settlement(held: 40, charged: 1))
            Issue.record("it was settled twice")
        } catch {
            #expect(error == .notOpen(request))
        }
    }

    private var correction: Correction {
        Correction(
            request: RequestID(raw: 9), user: UserID(1), client: ClientID(2), key: nil, model: nil,
            usage: Usage(), quality: .reconciled, charged: 5)
    }

    @Test("open reservations are read back as they were written", arguments: 1...20)
    func openReservationsSurvive(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        let replay = try LedgerStory(steps: 400, &dice).replay()
        let bytes = replay.packedOpen
        #expect(Replay(accounts: replay.accounts, sums: replay.sums, packedOpen: bytes) == replay)
        for count in 0..<bytes.count {
            #expect(
                Replay(accounts: [:], sums: .init(), packedOpen: Array(bytes.prefix(count))) == nil,
                "a piece is not the whole")
        }
    }
}
