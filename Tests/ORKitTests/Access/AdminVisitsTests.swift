import Testing

@testable import ORKit

@Suite("Visits of administrators")
struct AdminVisitsTests {
    private static let minute: Int64 = 60_000_000_000
    private let here = AdminVisits.Visit("management key", from: AddressPrefix("192.0.2.1"))

    @Test("a visit is told when it begins, and again after an hour of silence")
    func pause() {
        var visits = AdminVisits()
        visits.note(here, at: 0)
        #expect(visits.takeBegun() == [here])
        // Each call puts the end off.
        for minute in 1...200 { visits.note(here, at: Int64(minute) * Self.minute) }
        visits.note(here, at: 259 * Self.minute)
        #expect(visits.takeBegun() == [])
        visits.note(here, at: 319 * Self.minute)
        #expect(visits.takeBegun() == [here])
    }

    @Test("another key and another address are another visit")
    func apart() {
        var visits = AdminVisits()
        let others = [
            AdminVisits.Visit("client ops", from: AddressPrefix("192.0.2.1")),
            AdminVisits.Visit("management key", from: AddressPrefix("192.0.2.2")),
        ]
        for _ in 0..<3 { for visit in [here] + others { visits.note(visit, at: 0) } }
        #expect(visits.takeBegun() == [here] + others)
    }

    @Test("however many there are, they take no more room")
    func bounded() {
        var visits = AdminVisits()
        for number in 0..<10_000 {
            visits.note(
                AdminVisits.Visit("k", from: AddressPrefix("10.0.\(number / 256).\(number % 256)")), at: 0)
        }
        #expect(visits.takeBegun().count == AdminVisits.most)
        #expect(visits.takeBegun() == [])
    }
}
