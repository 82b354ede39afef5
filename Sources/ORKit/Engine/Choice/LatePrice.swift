/// What the late answers of a key cost, as a part of what the list of prices
/// says of the same tokens, newer ones counting more: about an eighth each.
struct LatePrice: Sendable {
    /// 1 is the list's price; 0: no answer has told.
    private(set) var part = 0.0

    /// What lies outside is as good as that, and keeps a division sound.
    private static let parts = 0.01...100.0

    mutating func note(_ cost: Money, listed: Money) {
        guard cost >= .zero, listed > .zero else { return }
        let one = Double(cost.pico) / Double(listed.pico)
        let next = min(max(one, Self.parts.lowerBound), Self.parts.upperBound)
        part = part == 0 ? next : part + (next - part) / 8
    }
}
