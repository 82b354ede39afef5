import ORKit

/// The query of a request, read strictly: every field must be known, none
/// that has one value may be given twice.
///
/// `%XX` is decoded; `+` stays a plus sign, so that `+02:00` in a time means
/// what it says.
struct QueryFields {
    private let fields: [(name: String, value: String)]

    /// - Parameters:
    ///   - target: the request target, path and query.
    ///   - known: the names that the route understands.
    /// - Throws: `CodedError` `unknown-field` naming the field, `bad-value`
    ///   for broken percent-encoding.
    init(target: String, known: Set<String>) throws {
        guard let mark = target.utf8.firstIndex(of: 0x3F) else {
            fields = []
            return
        }
        fields = try target[target.utf8.index(after: mark)...].split(separator: "&").map { part in
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(halves[0]),
                let value = Self.decode(halves.count > 1 ? halves[1] : "")
            else {
                throw CodedError(.badValue, "the query is not valid percent-encoded UTF-8")
            }
            guard known.contains(name) else {
                throw CodedError(.unknownField, "unknown query parameter “\(name.shownInMessage)”")
            }
            return (name, value)
        }
    }

    /// All values of a field that may be repeated.
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// The one value of a field; nil when it is absent.
    func one(_ name: String) throws -> String? {
        let values = all(name)
        guard values.count < 2 else {
            throw CodedError(.badValue, "query parameter “\(name)” was given twice")
        }
        return values.first
    }

    /// `true` or `false`; false when absent.
    func flag(_ name: String) throws -> Bool {
        switch try one(name) {
        case nil, "false": false
        case "true": true
        default: throw CodedError(.badValue, "query parameter “\(name)” must be true or false")
        }
    }

    /// A positive whole number.
    func count(_ name: String) throws -> Int? {
        guard let text = try one(name) else { return nil }
        guard let value = Int(text), value > 0 else {
            throw CodedError(.badValue, "query parameter “\(name)” must be a whole number above 0")
        }
        return value
    }

    /// A word of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(_ name: String, as type: Word.Type) throws -> [Word]
    where Word.RawValue == String {
        try all(name).map { text in
            guard let word = Word(rawValue: text) else {
                let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
                throw CodedError(.badValue, "query parameter “\(name)” must be one of: \(known)")
            }
            return word
        }
    }

    /// `k=v` pairs of a repeatable field.
    func pairs(_ name: String) throws -> [String: String] { try pairs(name, in: all(name)) }

    /// `k=v,k=v` in one field.
    func pairList(_ name: String) throws -> [String: String] {
        try pairs(name, in: (one(name) ?? "").split(separator: ",").map(String.init))
    }

    private func pairs(_ name: String, in texts: [String]) throws -> [String: String] {
        var result: [String: String] = [:]
        for text in texts {
            let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, !halves[0].isEmpty else {
                throw CodedError(.badValue, "query parameter “\(name)” must look like name=value")
            }
            guard result.updateValue(String(halves[1]), forKey: String(halves[0])) == nil else {
                throw CodedError(.badValue, "query parameter “\(name)” names the same thing twice")
            }
        }
        return result
    }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
