public import ArgumentParser
public import ORKit

/// `90s`, `15m`, `24h`, `30d`, or a sum such as `1h30m`.
struct Span: ExpressibleByArgument, Equatable {
    let milliseconds: Int64
    /// As it was written.
    let text: String

    init?(argument: String) {
        guard let value = Int64(duration: argument) else { return nil }
        milliseconds = value
        text = argument
    }
}

/// How many: `20`, `10k`, `2M`, or `none` for all.
struct Quantity: ExpressibleByArgument, Equatable {
    /// Nil for `none`.
    let count: Int?

    init?(argument: String) {
        if argument == "none" {
            count = nil
            return
        }
        let scales: [Character: Int] = ["k": 1000, "M": 1_000_000]
        let scale = argument.last.flatMap { scales[$0] }
        guard let number = Int(scale == nil ? argument[...] : argument.dropLast()), number >= 0 else {
            return nil
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: scale ?? 1)
        guard !overflow else { return nil }
        count = product
    }
}

/// An amount in US dollars above zero: `50`, `0.25`, `$12.50`.
struct Dollars: ExpressibleByArgument, Equatable {
    let amount: Money

    init?(argument: String) {
        let digits = argument.hasPrefix("$") ? argument.dropFirst() : argument[...]
        guard let amount = Money(decimal: digits.utf8), amount > .zero else { return nil }
        self.amount = amount
    }
}

/// `80%`, `80`, or `none`.
struct Percentage: ExpressibleByArgument, Equatable {
    /// Nil for `none`.
    let value: Int?

    init?(argument: String) {
        if argument == "none" {
            value = nil
            return
        }
        let digits = argument.hasSuffix("%") ? argument.dropLast() : argument[...]
        guard let number = Int(digits), (1...1000).contains(number) else { return nil }
        value = number
    }
}

/// `name=value`, for tags and metadata. `name=none` takes the entry away.
struct Pair: ExpressibleByArgument, Equatable {
    let name: String
    let value: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
        // `none` clears a value, an empty text never does.
        guard !name.isEmpty, !value.isEmpty else { return nil }
    }
}

extension [Pair] {
    /// - Throws: `usage` when a name comes twice.
    func dictionary(option: String) throws -> [String: String]? {
        guard !isEmpty else { return nil }
        var result: [String: String] = [:]
        for pair in self {
            guard result.updateValue(pair.value, forKey: pair.name) == nil else {
                throw CodedError(.usage, "\(option) \(pair.name) is given twice")
            }
        }
        return result
    }

    /// As a change: `none` becomes an absent value.
    func changes(option: String) throws -> [String: String?]? {
        try dictionary(option: option)?.mapValues { $0 == "none" ? nil : $0 }
    }
}

extension Clearable {
    /// - Throws: `usage` for an empty text, which clears nothing.
    init(_ text: String, option: String) throws {
        guard !text.isEmpty else {
            throw CodedError(.usage, "\(option) is empty", hints: ["take a value away:   \(option) none"])
        }
        self = text == "none" ? .none : .value(text)
    }
}

extension KeyState: ExpressibleByArgument {}
extension Strategy: ExpressibleByArgument {}
extension UsageGroup: ExpressibleByArgument {}
extension UpstreamQuota.Reset: ExpressibleByArgument {}

/// The nearest of some words, for “did you mean”.
enum Nearest {
    /// - Returns: nil when nothing is near: more than a third of it differs.
    static func to(_ word: String, in words: [String]) -> String? {
        let scored = words.map { ($0, distance(Array(word), Array($0))) }
        guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(1, min(3, best.0.count / 2)) else {
            return nil
        }
        return best.0
    }

    /// Insertions, deletions, replacements and swaps of neighbours.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in 1...max(1, a.count) where !a.isEmpty {
            var row = [i]
            for j in 1...max(1, b.count) where !b.isEmpty {
                var best = min(
                    previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    best = min(best, before[j - 2] + 1)
                }
                row.append(best)
            }
            before = previous
            previous = row
        }
        return previous.last ?? a.count
    }
}
