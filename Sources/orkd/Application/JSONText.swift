import ORKit

/// JSON written directly as bytes: for the error bodies of the data path,
/// where a general encoder costs more than the answer.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    /// Text that is JSON already: punctuation, names, numbers.
    mutating func raw(_ text: StaticString) { bytes.append(text) }

    mutating func number(_ value: Int64) {
        bytes.append(atMost: ByteWriter.longestDecimal) { $0.put(decimal: value) }
    }

    mutating func number(_ value: Int) { number(Int64(value)) }

    /// A JSON string with its quotes. Everything that is not plain is escaped,
    /// line separators included, so that the text also fits one SSE line.
    mutating func string(_ text: String) {
        bytes.append(atMost: ByteWriter.longest(json: text)) { $0.put(json: text) }
    }

    /// A number with a fraction, as it stands: no binary one has its digits.
    mutating func decimal(_ digits: String) { bytes.append(contentsOf: digits.utf8) }

    mutating func stringOrNull(_ text: String?) {
        if let text { string(text) } else { raw("null") }
    }
}
