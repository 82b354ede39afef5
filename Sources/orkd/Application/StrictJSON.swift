import FoundationEssentials
import ORKit

/// Reads a wire type from JSON and refuses fields that the type does not
/// know, by name: a misspelt `wieght` must not be a silent success. Nor must
/// a field that is there twice, at any depth.
enum StrictJSON {
    /// - Throws: `CodedError`: `bad-body` when it is not JSON in UTF-8,
    ///   `unknown-field` or `bad-value` naming the field. No message repeats
    ///   what was sent.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value
    {
        let bytes = Array(bytes)
        // The decoder also reads UTF-16 and UTF-32, in which every other byte or so is zero.
        guard !bytes.contains(0) else { throw CodedError(.badBody, "the body is not valid JSON") }
        do {
            let value = try JSONDecoder().decode(Checked<Value>.self, from: Data(bytes)).value
            if let name = RepeatedField.first(in: bytes) {
                throw CodedError(.badValue, "field “\(name.shownInMessage)” is there twice")
            }
            return value
        } catch let error as DecodingError {
            throw CodedError(error)
        }
    }

    private struct Checked<Value: Decodable>: Decodable {
        let value: Value
        init(from decoder: any Decoder) throws {
            value = try Value(from: StrictDecoder(base: decoder))
        }
    }
}

/// Passes everything on to another decoder, but looks at an object's keys
/// with the eyes of the type that reads it. Only the outermost object is
/// watched: what lies inside one is sent to us by an export alone, which no
/// person spells.
private struct StrictDecoder: Decoder {
    let base: any Decoder
    var codingPath: [any CodingKey] { base.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let present = try base.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
        if let unknown = present.first(where: { Key(stringValue: $0) == nil }) {
            throw CodedError(.unknownField, "unknown field “\(unknown.shownInMessage)”")
        }
        return try base.container(keyedBy: type)
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try base.unkeyedContainer() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { try base.singleValueContainer() }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension CodedError {
    /// What a decoder found wrong, by field name only.
    fileprivate init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, _):
            self.init(.badValue, "field “\(key.stringValue.shownInMessage)” is missing")
        case .typeMismatch(let type, let context):
            self.init(.badValue, "\(Self.place(context)) must be \(Self.word(for: type))")
        case .valueNotFound(_, let context):
            self.init(.badValue, "\(Self.place(context)) must not be null")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            self.init(.badValue, "\(Self.place(context)) has a value that is not allowed")
        default:
            self.init(.badBody, "the body is not valid JSON, or a number in it is out of range")
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? "the body" : "field “\(path.shownInMessage)”"
    }

    private static func word(for type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any FixedWidthInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is any ExpressibleByArrayLiteral.Type: "an array"
        default: "an object"
        }
    }
}

extension String {
    /// A name from outside inside a message of ours: short, printable, one
    /// line, and no secret that was sent as a name.
    var shownInMessage: String {
        let plain = unicodeScalars.prefix(32).map { scalar in
            PlainText.isPlain(scalar) ? Character(scalar) : "?"
        }
        let shown = String(plain)
        guard !shown.hasPrefix("sk-"), !shown.hasPrefix("gw_") else { return "…" }
        return unicodeScalars.count > 32 ? shown + "…" : shown
    }
}
