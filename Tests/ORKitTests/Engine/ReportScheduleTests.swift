import Testing

@testable import ORKit

@Suite("Reports on a schedule")
struct ReportScheduleTests {
    private static let hour: Int64 = 3_600_000
    private static let start = WallTime(rfc3339: "2026-11-21T12:00:00Z")!

    private func settings(every interval: Int64 = 6 * hour) -> EngineSettings {
        var settings = EngineSettings()
        settings.reportEvery = interval
        return settings
    }

    /// Asks as the daemon does, once a second, and tells when about whom.
    private func watch(_ desk: inout EngineDesk, for seconds: Int) -> [(at: Int, key: KeyID)] {
        var asked: [(Int, KeyID)] = []
        for second in 0..<seconds {
            for key in desk.engine.roundsDue(at: desk.now, limit: 8) {
                asked.append((second, key))
                desk.effects += desk.engine.reported(key, KeyReport(), at: desk.now)
            }
            desk.wait(seconds: 1)
        }
        return asked
    }

    @Test("between half an interval and a whole one after what was told, then once in each interval")
    func intervals() throws {
        let schedule = try #require(ReportSchedule(every: 6 * Self.hour))
        for number in 1...200 {
            let key = KeyID(Int64(number))
            let first = schedule.due(key, told: Self.start, at: Self.start)
            #expect((3 * Self.hour...6 * Self.hour).contains(first.milliseconds(since: Self.start)))
            // Answered late or at once, the turn stays where it is.
            let asked = first.advanced(byMilliseconds: Int64(number % 3) * 1000)
            let next = schedule.due(key, told: asked, at: asked)
            #expect(next.milliseconds(since: first) == 6 * Self.hour)
        }
        #expect(ReportSchedule(every: 0) == nil)
    }

    @Test("whoever is overdue or unknown has its turn within half an interval, wherever the clock stood")
    func overdue() throws {
        let schedule = try #require(ReportSchedule(every: 6 * Self.hour))
        let month: Int64 = 30 * 86_400_000
        let old = Self.start.advanced(byMilliseconds: -month)
        let future = Self.start.advanced(byMilliseconds: month)
        for told in [nil, old, WallTime(milliseconds: .min)] {
            let due = schedule.due(KeyID(7), told: told, at: Self.start)
            #expect((1...3 * Self.hour).contains(due.milliseconds(since: Self.start)))
        }
        let due = schedule.due(KeyID(7), told: future, at: Self.start)
        #expect(due.milliseconds(since: Self.start) <= 6 * Self.hour)
        // Whoever starts the daemon again and again moves nobody's turn.
        let later = Self.start.advanced(byMilliseconds: 60_000)
        #expect(
            schedule.due(KeyID(7), told: nil, at: later) == schedule.due(KeyID(7), told: nil, at: Self.start))
    }

    @Test("of a thousand keys that came at once no minute has more than a few, and each is asked about once")
    func spread() {
        var desk = EngineDesk(keys: 1000, settings: settings())
        let asked = watch(&desk, for: 3 * 3600 + 1)
        #expect(asked.count == 1000 && Set(asked.map(\.key)).count == 1000)
        let minutes = Dictionary(grouping: asked) { $0.at / 60 }.mapValues(\.count)
        // Five or six a minute are even.
        #expect(minutes.values.max() ?? .max <= 20 && minutes.count > 170)
    }

    @Test("after a restart what was kept decides, not the start")
    func restart() {
        let told = Self.start.advanced(byMilliseconds: -Self.hour)
        var desk = EngineDesk(keys: 100, settings: settings()) { $0.toldAt = told }
        #expect(watch(&desk, for: 2 * 3600 - 1).isEmpty)
        #expect(watch(&desk, for: 3 * 3600 + 2).count == 100)
    }

    @Test("a key that no answer came for has its turn in half of the time")
    func unanswered() throws {
        var desk = EngineDesk(keys: 1, settings: settings())
        while desk.engine.roundsDue(at: desk.now, limit: 8).isEmpty { desk.wait(seconds: 1) }
        desk.effects += desk.engine.reported(KeyID(1), nil, at: desk.now)
        #expect(desk.engine.roundsDue(at: desk.now, limit: 8) == [])
        desk.wait(seconds: 3 * 3600)
        #expect(desk.engine.roundsDue(at: desk.now, limit: 8) == [KeyID(1)])
    }

    @Test("disabled keys, other providers' and removed ones have no turn; enabled again they have")
    func others() {
        var desk = EngineDesk(keys: 4, settings: settings())
        desk.apply(.update(EngineDesk.record(1) { $0.enabled = false }, trigger: "disable"))
        desk.apply(.update(EngineDesk.record(2) { $0.provider = "other" }, trigger: "set"))
        desk.apply(.remove(KeyID(3)))
        #expect(Set(watch(&desk, for: 3 * 3600 + 1).map(\.key)) == [KeyID(4)])
        desk.apply(.update(EngineDesk.record(1), trigger: "enable"))
        #expect(Set(watch(&desk, for: 6 * 3600).map(\.key)) == [KeyID(1), KeyID(4)])
    }

    @Test("an operator changes the interval while all goes on; zero is never")
    func changed() {
        var desk = EngineDesk(keys: 3, settings: settings(every: 0))
        #expect(watch(&desk, for: 7 * 3600).isEmpty)
        desk.engine.adopt(settings(every: 60_000), at: desk.now)
        #expect(watch(&desk, for: 121).count == 6)
        desk.engine.adopt(settings(every: 0), at: desk.now)
        #expect(watch(&desk, for: 121).isEmpty)
    }
}
