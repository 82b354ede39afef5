import Testing

@testable import ORKit

@Suite("Request ids")
struct RequestIDTests {
    @Test("ids of one loop rise, whatever the clock does")
    func rise() {
        var source = RequestIDSource(loop: 3)
        var last = RequestID(raw: 0)
        for wall in [1000, 1000, 1001, 5, -7, 1001, 2000, 0] as [Int64] {
            let next = source.next(wallMilliseconds: wall)
            #expect(next > last)
            last = next
        }
        #expect(last.wallMilliseconds == 2000)
    }

    @Test("a full millisecond borrows from the next one")
    func borrow() {
        var source = RequestIDSource(loop: 63)
        var last = source.next(wallMilliseconds: 10)
        for _ in 0..<(1 << 14) {
            let next = source.next(wallMilliseconds: 10)
            #expect(next > last)
            last = next
        }
        #expect(last.wallMilliseconds == 11)
    }

    @Test("two loops never give out the same id")
    func loops() {
        var seen: Set<RequestID> = []
        for loop in 0..<4 {
            var source = RequestIDSource(loop: loop)
            for i in 0..<1000 { seen.insert(source.next(wallMilliseconds: Int64(i / 100))) }
        }
        #expect(seen.count == 4000)
    }

    @Test("the text reads back and sorts like the id", arguments: [0, 1, 31, 32, 1 << 60, .max] as [UInt64])
    func text(raw: UInt64) {
        let id = RequestID(raw: raw)
        #expect(id.description.count == 13)
        #expect(RequestID(id.description) == id)
        #expect(RequestID(id.description.uppercased()) == id)
    }

    @Test(
        "other texts are no ids",
        arguments: [
            "", "0", "00000000000000", "000000000000u", "000000000000i", "zzzzzzzzzzzzz", "00000000000-0",
            "000000000000ä",
        ])
    func noID(text: String) {
        #expect(RequestID(text) == nil)
    }

    @Test("the floor of a millisecond is its smallest id")
    func floor() {
        var source = RequestIDSource(loop: 0)
        #expect(source.next(wallMilliseconds: 77) >= RequestID.floor(wallMilliseconds: 77))
        #expect(RequestID.floor(wallMilliseconds: 78).wallMilliseconds == 78)
        #expect(RequestID.floor(wallMilliseconds: -1).raw == 0)
    }
}
