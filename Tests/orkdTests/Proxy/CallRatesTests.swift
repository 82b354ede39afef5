import ORKit
import Testing

@testable import orkd

@Suite("How often an address may call")
struct CallRatesTests {
    private let here = AddressPrefix("203.0.113.7")

    @Test("so many in a stretch, then a wait to its end, then as many again")
    func stretch() {
        var rates = CallRates(3, in: 60 * .second)
        for second in 0..<3 { #expect(rates.note(here, at: Int64(second) * .second) == nil) }
        #expect(rates.note(here, at: 10 * .second) == 50_000)
        #expect(rates.note(here, at: 59 * .second) == 1000)
        for _ in 0..<3 { #expect(rates.note(here, at: 60 * .second) == nil) }
        #expect(rates.note(here, at: 60 * .second) == 60_000)
    }

    @Test("addresses are told apart, and no number of them takes more room")
    func addresses() {
        var rates = CallRates(1, in: 60 * .second)
        for number in 0..<CallRates.addresses {
            #expect(rates.note(AddressPrefix("10.0.\(number / 256).\(number % 256)"), at: 0) == nil)
        }
        // Those for whom there is no room share one.
        #expect(rates.note(here, at: 1) == nil)
        #expect(rates.note(AddressPrefix("203.0.113.8"), at: 1) != nil)
        // A stretch later there is room again.
        #expect(rates.note(AddressPrefix("203.0.113.8"), at: 60 * .second) == nil)
        #expect(rates.note(here, at: 60 * .second) == nil)
    }
}
