// Observe: what the daemon tells of itself in numbers: the text that Prometheus reads, and what goes into it.
// Here: the text format, the gathering. Not here: counting (whoever does the thing counts it), routes (Web).
// May import NIO, ORKit and Glibc; never GRDB or Hummingbird.

import ORKit

/// Prometheus' text format, version 0.0.4.
///
/// Every label value is a word of ours: no name of a key, a client or a model,
/// of which there are as many as callers like.
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String { case counter, gauge, histogram }

    private(set) var bytes: [UInt8] = []

    /// One metric with one value.
    mutating func value(_ name: StaticString, _ kind: Kind, _ help: StaticString, _ value: some MetricsNumber)
    {
        family(name, kind, help)
        sample(name, value: value)
    }

    /// One metric with a value for each word of a label.
    mutating func values(
        _ name: StaticString, _ kind: Kind, _ help: StaticString, by label: StaticString,
        _ values: some Sequence<(String, some MetricsNumber)>
    ) {
        family(name, kind, help)
        for (word, value) in values { sample(name, labels: [(label, word)], value: value) }
    }

    mutating func histogram(_ name: StaticString, _ help: StaticString, _ histogram: DurationHistogram) {
        family(name, .histogram, help)
        var sum: Int64 = 0
        for (bound, count) in zip(DurationHistogram.bounds, histogram.counts) {
            sum += count
            let seconds = Double(bound) / 1_000_000
            sample(name, "_bucket", labels: [("le", seconds.metricsText)], value: sum)
        }
        sample(name, "_bucket", labels: [("le", "+Inf")], value: histogram.count)
        sample(name, "_sum", value: Double(histogram.microseconds) / 1_000_000)
        sample(name, "_count", value: histogram.count)
    }

    mutating func family(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
        write("# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n")
    }

    mutating func sample(
        _ name: StaticString, _ suffix: StaticString = "", labels: [(StaticString, String)] = [],
        value: some MetricsNumber
    ) {
        write("\(name)\(suffix)")
        if !labels.isEmpty {
            write("{" + labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}")
        }
        write(" \(value.metricsText)\n")
    }

    private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }
}

/// What can be a sample's value.
protocol MetricsNumber {
    var metricsText: String { get }
}

extension Int64: MetricsNumber { var metricsText: String { String(self) } }
extension Int: MetricsNumber { var metricsText: String { String(self) } }
extension Double: MetricsNumber {
    var metricsText: String {
        let text = String(self)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension Money: MetricsNumber {
    /// Dollars, exactly.
    var metricsText: String {
        let (whole, rest) = pico.magnitude.quotientAndRemainder(dividingBy: UInt64(Money.picoPerDollar))
        let digits = String(rest)
        return "\(pico < 0 ? "-" : "")\(whole)." + String(repeating: "0", count: 12 - digits.count) + digits
    }
}
