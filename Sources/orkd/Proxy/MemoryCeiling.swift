import ORKit
import Synchronization

/// The memory that the daemon may take (promise 9). What is under way is
/// bounded by itself; this keeps new requests out when the sum comes near the
/// ceiling, and gives freed memory back to the kernel before.
final class MemoryCeiling: Sendable {
    /// Bytes; 0: none.
    let limit: Int64
    private let short = Atomic<Bool>(false)
    private let lastLook = Atomic<Int64>(0)
    private let lastTrim = Atomic<Int64>(0)
    private let resident: @Sendable () -> Int64
    private let trim: @Sendable () -> Void

    /// Between two looks, nanoseconds.
    private static let interval = 100 * Int64.millisecond

    /// - Parameters:
    ///   - resident: what the process takes now.
    ///   - trim: gives back what is free; may take its time.
    init(
        limit: Int64, resident: @escaping @Sendable () -> Int64 = { ProcessMemory.residentBytes },
        trim: @escaping @Sendable () -> Void = { ProcessMemory.giveBack() }
    ) {
        self.limit = limit
        self.resident = resident
        self.trim = trim
    }

    /// While true no new request is admitted.
    var isShort: Bool { short.load(ordering: .relaxed) }

    /// Called by every loop with its deadline scan; one of them looks.
    func look(at now: Int64) {
        guard limit > 0 else { return }
        let last = lastLook.load(ordering: .relaxed)
        guard now - last >= Self.interval,
            lastLook.compareExchange(expected: last, desired: now, ordering: .relaxed).exchanged
        else { return }
        let taken = resident()
        if taken > limit / 10 * 9, now - lastTrim.load(ordering: .relaxed) >= .second {
            lastTrim.store(now, ordering: .relaxed)
            trim()
        }
        short.store(taken > limit / 20 * 19, ordering: .relaxed)
    }
}
