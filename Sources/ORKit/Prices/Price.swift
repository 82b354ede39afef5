// Prices: what models cost, as the upstream's list of models states it.
// Here: reading that list, what operators state in its place, the table of both, what an answer costs by it and what
// a request can cost at most.
// Not here: asking for the list, keeping it, what was really charged (that says `usage.cost`). May import nothing.

/// What one token, request or image costs, in 10⁻¹² USD.
public struct Price: Hashable, Sendable {
    /// -1: unknown.
    public let pico: Int64

    /// What nobody can tell beforehand, as of models that choose another one.
    public static let unknown = Price(pico: -1)
    public static let free = Price(pico: 0)

    public init(pico: Int64) { self.pico = max(-1, pico) }

    public var isKnown: Bool { pico >= 0 }

    /// Of so many. Nil when it is unknown or does not fit; of none it is
    /// nothing, whatever the price.
    public func times(_ count: Int64) -> Money? {
        guard count > 0 else { return .zero }
        guard isKnown else { return nil }
        let (product, overflow) = pico.multipliedReportingOverflow(by: count)
        return overflow ? nil : Money(pico: product)
    }

    /// The higher one; unknown is higher than all.
    public func orHigher(_ other: Price) -> Price {
        isKnown && other.isKnown ? Price(pico: max(pico, other.pico)) : .unknown
    }

    /// As people compare them. Nil when it is unknown or does not fit.
    public var perMillion: Money? { isKnown ? times(1_000_000) : nil }
}

extension Price {
    /// Reads a decimal number of USD; a negative one stands for unknown. What
    /// is below 10⁻¹² is rounded up, so that a bound stays one.
    ///
    /// - Returns: nil for anything that is no such number or does not fit.
    init?(decimal text: String) {
        guard let amount = Money(decimal: text.utf8) else { return nil }
        let isWhole = Self.isWhole(text)
        if text.hasPrefix("-"), amount != .zero || !isWhole {
            self = .unknown
            return
        }
        guard amount.pico < .max || isWhole else { return nil }
        self.init(pico: amount.pico + (isWhole ? 0 : 1))
    }

    /// Whether it has no digit below 10⁻¹², or none that can be told from one.
    private static func isWhole(_ text: String) -> Bool {
        var (place, exponent) = (0, 0)
        var lowest: Int?
        var (isFraction, isExponent, isNegative) = (false, false, false)
        for byte in text.utf8 {
            switch byte {
            case 0x2E: isFraction = true
            case 0x65, 0x45: isExponent = true
            case 0x2D: isNegative = isExponent
            case 0x30...0x39 where isExponent: exponent = min(exponent * 10 + Int(byte - 0x30), 1000)
            case 0x30...0x39:
                if isFraction { place += 1 }
                if byte > 0x30 { lowest = place }
            default: break
            }
        }
        return (lowest ?? .min) <= 12 + (isNegative ? -exponent : exponent)
    }
}
