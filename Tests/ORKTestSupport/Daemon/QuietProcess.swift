import Foundation

/// Until the tests inside this process have run out. All tests start at once;
/// those in process take both cores for most of a minute, and a daemon beside
/// them would be held against times that it cannot keep.
enum QuietProcess {
    /// Done when this process itself took less than a third of a core in two
    /// windows in a row, or after three minutes in any case.
    static let reached = Task.detached {
        var calm = 0
        var before = usedCPU()
        for _ in 0..<360 where calm < 2 {
            // Nothing announces the end of a test; what it uses is all there is to see.
            try? await Task.sleep(for: .milliseconds(500))
            let now = usedCPU()
            calm = now - before < 0.16 ? calm + 1 : 0
            before = now
        }
    }

    /// Seconds, without the programs that were started.
    private static func usedCPU() -> Double {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}
