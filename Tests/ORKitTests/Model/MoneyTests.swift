import Testing

@testable import ORKit

@Suite("Money")
struct MoneyTests {
    private func money(_ text: String) -> Int64? { Money(decimal: text.utf8)?.pico }

    @Test(
        "JSON numbers are read exactly",
        arguments: [
            ("0", 0), ("1", 1_000_000_000_000), ("0.0000058", 5_800_000), ("5.8e-6", 5_800_000),
            ("5.8E-6", 5_800_000),
            ("58e-7", 5_800_000), ("1e2", 100_000_000_000_000), ("1E+2", 100_000_000_000_000),
            ("-0.5", -500_000_000_000),
            ("0.000000000001", 1), ("0.0000000000019", 1), ("1e-13", 0), ("1e-999", 0), ("0e999", 0),
            ("9223372", 9_223_372_000_000_000_000),
            ("0.10000000000000000000000000000", 100_000_000_000), ("100.25", 100_250_000_000_000),
        ] as [(String, Int64)])
    func reads(text: String, pico: Int64) {
        #expect(money(text) == pico)
    }

    @Test(
        "what is no number or does not fit is nil",
        arguments: [
            "", "-", "+1", ".5", "1.", "1e", "1e+", "e5", "1.2.3", "1e5e5", "--1", "1-", "0x1", "NaN", "1 ",
            " 1", "9223373",
            "1e19", "99999999999999999999", "1e999999999999", "1,5",
        ])
    func refuses(text: String) {
        #expect(money(text) == nil)
    }

    @Test("sums report overflow, statistics stop at the largest value")
    func sums() {
        let most = Money(pico: .max)
        #expect(Money(pico: 1).adding(Money(pico: 2)) == Money(pico: 3))
        #expect(most.adding(Money(pico: 1)) == nil)
        #expect(most.addingClamped(Money(pico: 1)) == most)
        #expect(Money(pico: .min).addingClamped(Money(pico: -1)) == Money(pico: .min))
    }

    @Test(
        "the text has two digits or as many as it takes",
        arguments: [
            (0, "0.00"), (1, "0.000000000001"), (5_800_000, "0.0000058"), (1_500_000_000_000, "1.50"),
            (-500_000_000_000, "-0.50"), (.max, "9223372.036854775807"), (.min, "-9223372.036854775808"),
        ] as [(Int64, String)])
    func writes(pico: Int64, text: String) {
        #expect(Money(pico: pico).decimal == text)
        if pico != .min { #expect(money(text) == pico) }
    }
}
