/// An amount of US dollars in units of 10⁻¹² USD.
///
/// `Int64` holds ±9.2 million USD, and prices below a nano-dollar per token
/// stay exact. All arithmetic reports overflow; no floating point anywhere.
public struct Money: Hashable, Comparable, Sendable {
    /// 10⁻¹² USD.
    public let pico: Int64

    public init(pico: Int64) { self.pico = pico }
    public static let zero = Money(pico: 0)
    public static let picoPerDollar: Int64 = 1_000_000_000_000

    public static func < (a: Self, b: Self) -> Bool { a.pico < b.pico }

    /// The sum, or nil if it does not fit.
    public func adding(_ other: Money) -> Money? {
        let (sum, overflow) = pico.addingReportingOverflow(other.pico)
        return overflow ? nil : Money(pico: sum)
    }

    /// The sum, held at the largest value that fits. For statistics only.
    public func addingClamped(_ other: Money) -> Money {
        adding(other) ?? Money(pico: other.pico < 0 ? .min : .max)
    }
}

extension Money {
    /// Reads a JSON number: sign, digits, fraction, exponent, as in
    /// `0.0000058` or `5.8e-6`. Digits beyond 10⁻¹² are cut off towards zero.
    ///
    /// - Returns: nil for anything that is not such a number or does not fit.
    public init?(decimal bytes: some Sequence<UInt8>) {
        var digits: UInt64 = 0
        var scale = 0
        var exponent = 0
        var exponentNegative = false
        var negative = false
        var seenDigit = false
        var seenPoint = false
        var inExponent = false
        var seenExponentDigit = false
        var previous: UInt8 = 0
        for byte in bytes {
            switch byte {
            case 0x2D where previous == 0: negative = true
            case 0x2D where previous | 0x20 == 0x65 && inExponent: exponentNegative = true
            case 0x2B where previous | 0x20 == 0x65 && inExponent: break
            case 0x2E where !seenPoint && !inExponent && seenDigit: seenPoint = true
            case 0x65 where seenDigit && !inExponent, 0x45 where seenDigit && !inExponent: inExponent = true
            case 0x30...0x39 where inExponent:
                seenExponentDigit = true
                exponent = min(exponent * 10 + Int(byte - 0x30), 1000)
            case 0x30...0x39:
                seenDigit = true
                // As long as one more digit fits; after that only the magnitude matters.
                if digits < UInt64.max / 10 {
                    digits = digits * 10 + UInt64(byte - 0x30)
                    if seenPoint { scale += 1 }
                } else if !seenPoint {
                    scale -= 1
                }
            default: return nil
            }
            previous = byte
        }
        guard seenDigit, !inExponent || seenExponentDigit, previous != 0x2E else { return nil }
        var shift = 12 - scale + (exponentNegative ? -exponent : exponent)
        while shift > 0, digits != 0 {
            let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            digits = product
            shift -= 1
        }
        while shift < 0, digits != 0 {
            digits /= 10
            shift += 1
        }
        guard let magnitude = Int64(exactly: digits) else { return nil }
        pico = negative ? -magnitude : magnitude
    }

    /// A decimal string in USD without trailing zeros, at least two digits
    /// after the point: the form of every machine output.
    public var decimal: String {
        let magnitude = pico.magnitude
        let whole = magnitude / UInt64(Self.picoPerDollar)
        let padded = String(magnitude % UInt64(Self.picoPerDollar))
        var fraction = String(repeating: "0", count: 12 - padded.count) + padded
        while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
        return (pico < 0 ? "-" : "") + "\(whole).\(fraction)"
    }
}
