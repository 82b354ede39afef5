import ORKit
import Testing

@testable import orkd

@Suite("a reader that is slow and one that has stopped")
struct StallWatchTests {
    private static let limit = 60 * Int64.second

    /// Seconds and bytes in order; the last answer.
    private func isStalled(_ looks: [(second: Int64, bytes: Int)]) -> [Bool] {
        var watch = StallWatch()
        watch.start(at: 0)
        return looks.map { look in
            watch.isStalled(at: look.second * .second, limit: Self.limit) { look.bytes }
        }
    }

    @Test("nothing read for longer than the limit is a stall")
    func stopped() {
        #expect(isStalled([(30, 100), (60, 100), (61, 100)]) == [false, false, true])
    }

    @Test("every byte that goes renews the time")
    func slow() {
        #expect(
            isStalled([(30, 100), (59, 99), (118, 98), (177, 97), (237, 97), (238, 97)])
                == [false, false, false, false, false, true])
    }

    @Test("what is added is not taken for reading, nor does it hide any")
    func added() {
        #expect(isStalled([(1, 100), (50, 200), (61, 300)]) == [false, false, true])
        #expect(isStalled([(1, 100), (50, 200), (59, 150), (100, 150)]) == [false, false, false, false])
    }

    @Test("the channel is asked ten times until a stall is told, however often one looks")
    func seldom() {
        var watch = StallWatch()
        watch.start(at: 0)
        var asked = 0
        let told = (1...61).first { second in
            watch.isStalled(at: second * .second, limit: Self.limit) {
                asked += 1
                return 100
            }
        }
        #expect(told == 61)
        #expect(asked == 10)
    }

    @Test("it begins anew after it was stopped, and a second start changes nothing")
    func restarted() {
        var watch = StallWatch()
        func look(_ bytes: Int, at second: Int64) -> Bool {
            watch.isStalled(at: second * .second, limit: Self.limit) { bytes }
        }
        watch.start(at: 0)
        watch.start(at: 50 * .second)
        #expect(look(1, at: 61))
        watch.stop()
        #expect(!watch.isOn)
        #expect(!look(1, at: 200))
        watch.start(at: 200 * .second)
        #expect(watch.isOn)
        #expect(!look(0, at: 260))
        #expect(look(0, at: 261))
    }
}
