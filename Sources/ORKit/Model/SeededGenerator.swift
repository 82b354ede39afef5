/// A fast generator whose whole state is its seed: xoshiro256**, filled by
/// SplitMix64 (Blackman and Vigna, public domain).
///
/// For choices between keys and for tests. Never for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    /// The same seed gives the same numbers on every machine.
    public init(seed: UInt64) {
        var mix = seed
        func step() -> UInt64 {
            mix &+= 0x9E37_79B9_7F4A_7C15
            var z = mix
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
        a = step()
        b = step()
        c = step()
        d = step()
    }

    public mutating func next() -> UInt64 {
        let product = b &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = d << 45 | d >> 19
        return result
    }
}
