// Model tests: money, ids, times, durations, secrets, packed records.
// Here: tests of Sources/ORKit/Model. Not here: decisions and byte machines.
// May import Testing and ORKit.

import Testing

@testable import ORKit

@Suite("Durations")
struct DurationTests {
    @Test(
        "durations are read as people type them",
        arguments: [
            ("90s", 90_000), ("15m", 900_000), ("24h", 86_400_000), ("30d", 2_592_000_000), ("500ms", 500),
            ("1h30m", 5_400_000), ("0s", 0), ("1d1h1m1s1ms", 90_061_001),
        ] as [(String, Int64)])
    func reads(text: String, milliseconds: Int64) {
        #expect(Int64(duration: text) == milliseconds)
    }

    @Test(
        "anything else is no duration",
        arguments: [
            "", "5", "s", "5 s", "-5s", "5x", "1h30", "5S", "1.5h", "5s ", "9999999999999999999s",
            "106751991168d",
            "9223372036854775807ms1ms", "٣s",
        ])
    func refuses(text: String) {
        #expect(Int64(duration: text) == nil)
    }

    @Test(
        "the text is the shortest sum, and reads back",
        arguments: [
            (0, "0s"), (500, "500ms"), (90_000, "1m30s"), (5_400_000, "1h30m"), (90_061_001, "1d1h1m1s1ms"),
        ] as [(Int64, String)])
    func writes(milliseconds: Int64, text: String) {
        #expect(milliseconds.durationText == text)
        #expect(Int64(duration: text) == milliseconds)
    }
}
