import ORKit

/// How often callers may ask for something, by address: so many calls in a
/// stretch of time that begins with the first (RL-10). Bounded in size;
/// whoever there is no room for shares one count.
struct CallRates: Sendable {
    /// Calls in one stretch.
    let most: Int
    /// Nanoseconds.
    let stretch: Int64

    private struct Count {
        var calls: Int
        var since: Int64
    }

    private var counts: [AddressPrefix: Count] = [:]

    /// Addresses that are told apart.
    static let addresses = 4096

    init(_ most: Int, in stretch: Int64) {
        self.most = most
        self.stretch = stretch
    }

    /// Counts one.
    ///
    /// - Returns: how many milliseconds to stay away; nil when it may come in.
    mutating func note(_ address: AddressPrefix, at now: Int64) -> Int64? {
        if counts[address] == nil, counts.count >= Self.addresses {
            counts = counts.filter { now - $0.value.since < stretch }
        }
        let hasRoom = counts[address] != nil || counts.count < Self.addresses
        let counted = hasRoom ? address : .others
        var count = counts[counted] ?? Count(calls: 0, since: now)
        if now - count.since >= stretch { count = Count(calls: 0, since: now) }
        count.calls = min(count.calls + 1, most + 1)
        counts[counted] = count
        guard count.calls > most else { return nil }
        return max(1, (count.since + stretch - now) / .millisecond)
    }
}
