import Testing

@testable import orkd

@Suite("what of the write-ahead log is asked for")
struct LogReachTests {
    private var reach = LogReach(page: 4096)
    private let second: Int64 = 1_000_000_000

    /// Where the frames end: a header of 32 bytes, then each with one of 24.
    private func end(_ frames: Int) -> Int { 32 + frames * 4120 }

    @Test("After the first commit 128 KiB from its end are asked for")
    mutating func first() {
        #expect(reach.next(after: 3, at: 0) == end(3)..<end(3) + 131_072)
    }

    @Test("Each byte that comes next is asked for once, however long the commits are", arguments: [1, 3, 15])
    mutating func once(frames: Int) throws {
        let first = reach.next(after: 0, at: 0)
        var asked = try #require(first)
        for frame in stride(from: frames, through: 4000, by: frames) {
            if let more = reach.next(after: Int32(frame), at: 0) {
                #expect(more.lowerBound == asked.upperBound)
                asked = asked.lowerBound..<more.upperBound
            }
            #expect(asked.upperBound >= end(frame) + 65_536)
            #expect(asked.upperBound < end(frame) + 200_000)
        }
    }

    @Test("A commit that goes beyond what was asked for has what follows it asked for")
    mutating func beyond() {
        _ = reach.next(after: 0, at: 0)
        #expect(reach.next(after: 500, at: 0) == end(500)..<end(500) + 131_072)
    }

    @Test("What was asked for half a second ago is asked for again")
    mutating func again() {
        _ = reach.next(after: 10, at: 5 * second)
        #expect(reach.next(after: 11, at: 5 * second + second / 2 - 1) == nil)
        #expect(reach.next(after: 11, at: 5 * second + second / 2) == end(11)..<end(11) + 131_072)
    }

    @Test("A log that begins anew is asked for from its beginning")
    mutating func anew() {
        _ = reach.next(after: 4000, at: 0)
        #expect(reach.next(after: 0, at: 1) == end(0)..<end(0) + 131_072)
        #expect(reach.next(after: 1, at: 2) == nil)
    }

    @Test("The longest log that SQLite can tell of is no overflow")
    mutating func longest() {
        var reach = LogReach(page: 65_536)
        #expect(reach.next(after: .max, at: .max)?.lowerBound == 32 + Int(Int32.max) * 65_560)
    }
}
