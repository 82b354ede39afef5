import ORKit
import Testing

@testable import orkctl

@Suite("numbers and times for people")
struct HumanTests {
    private let human = Human(now: WallTime(rfc3339: "2026-11-21T14:20:00Z") ?? WallTime(milliseconds: 0))

    @Test(
        "times near by are distances, others dates",
        arguments: [
            ("2026-11-21T14:19:59.5Z", "now"), ("2026-11-21T14:19:19Z", "41 s ago"),
            ("2026-11-21T14:16:30Z", "3 m ago"),
            ("2026-11-21T09:00:00Z", "5 h ago"), ("2026-11-12T14:00:00Z", "9 d ago"),
            ("2026-01-02T00:00:00Z", "2026-01-02"),
        ])
    func ago(time: String, text: String) { #expect(human.ago(time) == text) }

    @Test("time left is never less than a second, and nothing when it is over")
    func left() {
        #expect(human.left("2026-11-21T14:20:41Z") == "41 s")
        #expect(human.left("2026-11-21T14:20:00.010Z") == "1 s")
        #expect(human.left("2026-11-21T14:00:00Z") == nil)
        #expect(human.left("2027-11-21T14:00:00Z") == "2027-11-21")
    }

    @Test("amounts")
    func amounts() {
        #expect(Human.count(1_234_567) == "1 234 567" && Human.count(-12) == "-12" && Human.count(0) == "0")
        #expect(
            Human.bytes(999) == "999 B" && Human.bytes(96_000) == "96 kB"
                && Human.bytes(4_100_000) == "4.1 MB")
        #expect(Human.milliseconds(0.4) == "0.4 ms" && Human.milliseconds(412.5) == "413 ms")
        #expect(Human.milliseconds(12_340) == "12.3 s" && Human.milliseconds(.nan) == "-")
        #expect(Human.dollars(Money(pico: 38_020_000_000_000)) == "$38.02" && Human.dollars(.zero) == "$0.00")
        #expect(Human.dollars(Money(pico: 5_800_000)) == "$0.0000058")
    }
}
