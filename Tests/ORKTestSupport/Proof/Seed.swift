import Foundation

/// Where chance in a test comes from: printed, and taken back from `ORK_SEED`,
/// so that every failure can be seen again.
public struct Seed: Sendable, CustomStringConvertible {
    public let value: UInt64

    /// Of this run: `ORK_SEED` if set, else a new one, printed once.
    public static let current: Seed = {
        let given = ProcessInfo.processInfo.environment["ORK_SEED"].flatMap { UInt64($0) }
        let seed = Seed(value: given ?? UInt64.random(in: 0...UInt64(UInt32.max)))
        print("ORK_SEED=\(seed.value)")
        return seed
    }()

    public init(value: UInt64) { self.value = value }

    /// A generator of its own for one purpose, so that tests do not disturb
    /// each other.
    public func generator(_ purpose: String) -> SeededGenerator {
        var state = value
        for byte in purpose.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return SeededGenerator(state: state)
    }

    public var description: String { "ORK_SEED=\(value)" }
}

/// SplitMix64.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    var state: UInt64

    public init(state: UInt64) { self.state = state }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
