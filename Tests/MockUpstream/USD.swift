/// US dollars, exact: 10⁻¹² USD in an `Int64`, as the upstream's prices per
/// token need. The mock counts by itself and shares no arithmetic with the
/// code under test.
public struct USD: Sendable, Hashable, Comparable {
    public var pico: Int64

    public init(pico: Int64) { self.pico = pico }
    public static let zero = USD(pico: 0)
    /// Whole dollars.
    public static func dollars(_ count: Int64) -> USD { USD(pico: count * 1_000_000_000_000) }
    /// Millionths of a dollar; prices are often told per million tokens.
    public static func micro(_ count: Int64) -> USD { USD(pico: count * 1_000_000) }

    public static func < (a: Self, b: Self) -> Bool { a.pico < b.pico }
    public static func + (a: Self, b: Self) -> Self { USD(pico: a.pico + b.pico) }
    public static func - (a: Self, b: Self) -> Self { USD(pico: a.pico - b.pico) }
    public static func * (a: Self, count: Int) -> Self { USD(pico: a.pico * Int64(count)) }

    /// As a JSON number: `0.0000058`, `12`, `0.5`.
    public var decimal: String {
        let magnitude = pico.magnitude
        let fraction = String(magnitude % 1_000_000_000_000)
        var digits = String(repeating: "0", count: 12 - fraction.count) + fraction
        while digits.last == "0" { digits.removeLast() }
        let whole = (pico < 0 ? "-" : "") + String(magnitude / 1_000_000_000_000)
        return digits.isEmpty ? whole : whole + "." + digits
    }
}
