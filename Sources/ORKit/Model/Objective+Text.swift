/// `latency`, or `latency=0.7,fairness=0.3`: what operators and callers write.
/// A weight is a number from 0 to 1 with at most three decimals; without one
/// it is 1.
extension Objective {
    public init?(_ text: String) { self.init(text: text.utf8) }

    /// Nil: a word that is no aim, one that comes twice, a weight that is
    /// none, or nothing that counts.
    package init?(text: some Collection<UInt8>) {
        var weights: [Aim: Int] = [:]
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let sides = part.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let aim = Aim(rawValue: Self.word(sides[0])), weights[aim] == nil else { return nil }
            guard let weight = sides.count == 1 ? 1000 : Self.thousandths(Self.word(sides[1])) else {
                return nil
            }
            weights[aim] = weight
        }
        self.init(thousandths: weights)
    }

    /// Without the spaces around it, in small letters.
    private static func word(_ part: some Collection<UInt8>) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let front = part.drop(while: isSpace)
        let count = front.count - front.reversed().prefix(while: isSpace).count
        return String(decoding: front.prefix(count), as: UTF8.self).lowercased()
    }

    private static func thousandths(_ text: String) -> Int? {
        let sides = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let decimals = sides.count == 2 ? Array(sides[1]) : []
        guard sides.count <= 2, sides[0].elementsEqual("0".utf8) || sides[0].elementsEqual("1".utf8),
            decimals.count == sides.count - 1 || (1...3).contains(decimals.count),
            decimals.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        let padded = decimals + Array(repeating: UInt8(ascii: "0"), count: 3 - decimals.count)
        let value = padded.reduce(Int(sides[0].first == UInt8(ascii: "1") ? 1 : 0)) {
            10 * $0 + Int($1 - UInt8(ascii: "0"))
        }
        return value <= 1000 ? value : nil
    }

    /// As it is read again: the weights that count, in a fixed order.
    public var text: String {
        let parts = Aim.allCases.compactMap { aim -> String? in
            let weight = self[aim]
            guard weight > 0 else { return nil }
            return weight == 1000 ? aim.rawValue : "\(aim.rawValue)=\(Self.decimal(weight))"
        }
        return parts.joined(separator: ",")
    }

    private static func decimal(_ thousandths: Int) -> String {
        var digits = String(String(1000 + thousandths).dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "0." + digits
    }
}

extension Objective: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let objective = Objective(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no objective")
        }
        self = objective
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
