import Testing

@testable import ORKit

@Suite("The clock of limits")
struct LimitClockTests {
    private static let hour: Int64 = 3_600_000
    private static let day: Int64 = 24 * hour

    /// What is granted in each of 58 hours, when the clock is set after the
    /// 30th of them and set right again after so many more.
    private func grants(turn: Int64, for hours: Int = 100, at wall: String = "2026-11-21T12:30:00Z") -> [Int]
    {
        var desk = LimitsDesk(wall)
        desk.bound([.requestsPerDay: 50, .requestsPerHour: 9, .requestsPerMinute: 2])
        return (0..<58).map { hour in
            if hour == 30 { desk.turn(milliseconds: turn) }
            if hour == 30 + hours { desk.turn(milliseconds: -turn) }
            return (0..<60).reduce(0) { sum, _ in
                desk.pass(milliseconds: 60_000)
                return sum + desk.ask(times: 3)
            }
        }
    }

    @Test(
        "setting the clock changes nothing in what is granted",
        arguments: [1000, -1000, 3_600_000, 40 * 86_400_000, -3650 * 86_400_000, 18 * 3_600_000])
    func jumps(turn: Int64) {
        let plain = grants(turn: 0)
        #expect(plain.prefix(11).reduce(0, +) == 50 && plain.reduce(0, +) == 150)
        #expect(grants(turn: turn, for: 5) == plain)
    }

    @Test(
        "no day is granted twice by a clock that goes back, once or again and again",
        arguments: [-3_600_000, -7_200_000, -86_400_000, -5 * 86_400_000, -3650 * 86_400_000 - 43_200_000])
    func back(turn: Int64) {
        #expect(grants(turn: turn).reduce(0, +) <= 150)
        var desk = LimitsDesk("2026-11-21T23:59:00Z")
        desk.bound([.requestsPerDay: 50])
        var granted = 0
        for _ in 0..<300 {
            granted += desk.ask(times: 60)
            desk.pass(milliseconds: 120_000)
            granted += desk.ask(times: 60)
            desk.turn(milliseconds: -120_000)
        }
        // Ten hours: the day that it was, and the one that it became.
        #expect(granted == 100)
    }

    @Test("a day begins with the calendar's, also when nobody asked for days")
    func calendar() {
        var desk = LimitsDesk("2026-11-21T23:59:59.999Z")
        desk.bound([.requestsPerDay: 2])
        #expect(desk.ask(times: 3) == 2)
        desk.pass(milliseconds: 1)
        #expect(desk.ask(times: 3) == 2)
        desk.pass(milliseconds: 3 * Self.day + 5 * Self.hour)
        #expect(desk.ask(times: 3) == 2)
        desk.pass(milliseconds: 19 * Self.hour - 1)
        #expect(desk.ask() != nil)
        desk.pass(milliseconds: 1)
        #expect(desk.ask(times: 3) == 2)
    }

    @Test("after a clock was set forward the days come back to the calendar's")
    func alignment() {
        var desk = LimitsDesk("2026-11-21T23:30:00Z")
        desk.bound([.requestsPerDay: 2])
        desk.turn(milliseconds: 600_000 * 2)
        #expect(desk.ask(times: 3) == 2)
        desk.turn(milliseconds: 1_200_000)
        var waits: [Int64] = []
        for _ in 0..<60 {
            guard case .milliseconds(let wait)? = desk.ask()?.wait else {
                Issue.record("no refusal")
                return
            }
            waits.append(wait)
            desk.pass(milliseconds: wait - 1)
            #expect(desk.ask() != nil)
            desk.pass(milliseconds: 1)
            #expect(desk.ask(times: 3) == 2)
        }
        #expect(waits.contains(Self.day - 60_000) && waits.last == Self.day)
        #expect(desk.now.wall.milliseconds % Self.day == 0)
    }

    @Test(
        "a restart grants nothing twice, and no more than the time that it took",
        arguments: [0, 1000, 30_000, 59_999])
    func restart(milliseconds: Int64) {
        var desk = LimitsDesk()
        let records: [LimitSubject: LimitRecord] = [
            .client(LimitsDesk.client): LimitRecord([
                .requestsPerMinute: 5, .requestsPerDay: 8, .tokensPerHour: 100, .concurrency: 9,
            ])
        ]
        for (subject, record) in records { desk.limits.set(record, for: subject) }
        #expect(desk.ask(tokens: 40) == nil && desk.ask(times: 4) == 4)
        desk.restart(after: milliseconds, records: records)
        #expect(desk.ask()?.kind == .requestsPerMinute)
        #expect(desk.used(.tokensPerHour) == 40)
        #expect(desk.limits.standing(of: .client(LimitsDesk.client), at: desk.now)?.underWay == 0)
        desk.pass(milliseconds: 61_000 - milliseconds)
        #expect(desk.ask(times: 9) == 3)
        #expect(desk.ask()?.kind == .requestsPerDay)
    }

    @Test("a clock that was set back, or to 1970, while nothing ran says that no time passed")
    func restartInThePast() {
        let records: [LimitSubject: LimitRecord] = [
            .client(LimitsDesk.client): LimitRecord([.requestsPerMinute: 5, .requestsPerDay: 8])
        ]
        for turn in [-Self.hour, -Self.day, -1_795_305_540_000] {
            var desk = LimitsDesk()
            for (subject, record) in records { desk.limits.set(record, for: subject) }
            #expect(desk.ask(times: 9) == 5)
            let kept = desk.limits.takeChanged(at: desk.now)
            desk.turn(milliseconds: turn)
            desk.now.monotonic = 1
            desk.limits = Limits(clock: kept.clock, at: desk.now)
            for (subject, record) in records { desk.limits.set(record, for: subject) }
            for (subject, use) in kept.uses { desk.limits.load(use, of: subject, at: desk.now) }
            #expect(desk.ask(times: 9) == 0)
            desk.turn(milliseconds: -turn)
            #expect(desk.ask(times: 9) == 0)
            desk.pass(milliseconds: 61_000)
            #expect(desk.ask(times: 9) == 3)
        }
    }

    @Test("a moment that lies behind the last one counts as the last one: threads read the clock apart")
    func late() {
        var desk = LimitsDesk()
        desk.bound([.requestsPerMinute: 2])
        desk.pass(milliseconds: 500_000)
        #expect(desk.ask(times: 3) == 2)
        let wait = desk.ask()?.wait
        desk.now.monotonic -= 30_000_000_000
        #expect(desk.ask()?.wait == wait && wait != nil)
    }

    @Test("a day that a wrong clock had begun while nothing ran does not begin again")
    func wrongDay() {
        let records: [LimitSubject: LimitRecord] = [
            .client(LimitsDesk.client): LimitRecord([.requestsPerDay: 8])
        ]
        var desk = LimitsDesk("2026-11-21T14:59:30Z")
        for (subject, record) in records { desk.limits.set(record, for: subject) }
        #expect(desk.ask(times: 9) == 8)
        desk.restart(after: Self.day, records: records)
        #expect(desk.ask(times: 9) == 8)
        desk.turn(milliseconds: -Self.day)
        desk.restart(after: 0, records: records)
        for _ in 0..<33 {
            #expect(desk.ask(times: 9) == 0)
            desk.pass(milliseconds: Self.hour)
        }
        #expect(desk.ask(times: 9) == 0)
        desk.pass(milliseconds: 30_000)
        #expect(desk.now.wall == WallTime(rfc3339: "2026-11-23T00:00:00Z"))
        #expect(desk.ask(times: 9) == 8)
    }

    @Test("what is kept and cannot be read counts as used up")
    func unreadable() {
        var rng = SeededGenerator(seed: 3)
        for round in 0..<3000 {
            var desk = LimitsDesk()
            desk.bound([.requestsPerMinute: 5, .tokensPerDay: 100])
            _ = desk.ask(tokens: 10)
            var kept = desk.limits.takeChanged(at: desk.now)
            guard var use = kept.uses[.client(LimitsDesk.client)] else {
                Issue.record("nothing was kept")
                return
            }
            for _ in 0..<3 {
                use[Int.random(in: use.indices, using: &rng)] = UInt8.random(in: 0...255, using: &rng)
                if round % 2 == 0 {
                    kept.clock[Int.random(in: kept.clock.indices, using: &rng)] = .random(
                        in: 0...255, using: &rng)
                }
            }
            if round % 5 == 0 { use.removeLast(Int.random(in: 1..<use.count, using: &rng)) }
            desk.limits = Limits(clock: kept.clock, at: desk.now)
            desk.bound([.requestsPerMinute: 5, .tokensPerDay: 100])
            desk.limits.load(use, of: .client(LimitsDesk.client), at: desk.now)
            _ = desk.ask(tokens: 1)
            desk.pass(milliseconds: 400_000)
            _ = desk.ask(tokens: 1)
        }
        var desk = LimitsDesk()
        desk.bound([.requestsPerMinute: 5, .tokensPerDay: 100])
        desk.limits.load([9, 9, 9], of: .client(LimitsDesk.client), at: desk.now)
        #expect(desk.used(.requestsPerMinute) == 5 && desk.used(.tokensPerDay) == 100)
    }
}
