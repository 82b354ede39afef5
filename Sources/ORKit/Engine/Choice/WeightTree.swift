/// Weights of slots with fast sums (a Fenwick tree): draws a slot in
/// proportion to its weight in logarithmic time.
struct WeightTree: Sendable {
    private var sums: [Int64] = [0]
    private var weights: [Int64] = []
    private(set) var total: Int64 = 0

    func weight(of slot: Int) -> Int64 { slot < weights.count ? weights[slot] : 0 }

    /// 0 takes the slot out.
    mutating func set(_ slot: Int, to weight: Int64) {
        if slot >= weights.count { grow(to: slot + 1) }
        let delta = weight - weights[slot]
        guard delta != 0 else { return }
        weights[slot] = weight
        total += delta
        var i = slot + 1
        while i < sums.count {
            sums[i] += delta
            i += i & -i
        }
    }

    /// The slot that holds the given point of the line `0..<total` on which
    /// the weights lie end to end.
    func slot(at point: Int64) -> Int? {
        guard point >= 0, point < total else { return nil }
        var rest = point
        var place = 0
        var step = (sums.count - 1).largestPowerOfTwoBelow
        while step > 0 {
            if place + step < sums.count, sums[place + step] <= rest {
                place += step
                rest -= sums[place]
            }
            step /= 2
        }
        return place
    }

    private mutating func grow(to count: Int) {
        let size = Swift.max(count, weights.count * 2, 64)
        weights += Array(repeating: 0, count: size - weights.count)
        sums = Array(repeating: 0, count: size + 1)
        for i in 1...size {
            sums[i] += weights[i - 1]
            let parent = i + (i & -i)
            if parent <= size { sums[parent] += sums[i] }
        }
    }
}

extension Int {
    /// The largest power of two that is not above it; 0 for 0.
    fileprivate var largestPowerOfTwoBelow: Int {
        self <= 0 ? 0 : 1 << (Int.bitWidth - 1 - leadingZeroBitCount)
    }
}
