/// What is worth a word about a key that is good. It may have several, and
/// none of them keeps it out of a pool.
public struct KeyTraits: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nobody ever paid for its account.
    public static let freeTier = KeyTraits(rawValue: 1)
    /// Nothing is left of its limit, for now or for ever.
    public static let spent = KeyTraits(rawValue: 2)
    /// It ends within `KeyStatement.nearEnd`.
    public static let expiring = KeyTraits(rawValue: 4)
}
