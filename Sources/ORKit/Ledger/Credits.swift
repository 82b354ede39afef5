/// What a number of credits may be. Amounts are `Int64` tokens; all of a
/// user's together stay below this bound, so that sums of two never overflow.
public enum Credits {
    /// 10¹⁵: at $20 for a million tokens, twenty billion dollars.
    public static let most: Int64 = 1_000_000_000_000_000
    /// Of a balance, or of a change.
    public static let bounds: ClosedRange<Int64> = -most...most
    /// Of what is held or charged.
    public static let amounts: ClosedRange<Int64> = 0...most

    /// What so many are sold for, at a price for a million of them. Held at the
    /// largest amount of money that fits.
    public static func worth(_ credits: Int64, atMillion price: Money) -> Money {
        let pico = Int128(credits) * Int128(price.pico) / 1_000_000
        return Money(pico: Int64(clamping: pico))
    }
}
