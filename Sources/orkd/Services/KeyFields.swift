import ORKit

/// What the fields of a key may hold. A refusal names the field, and repeats
/// a value only where it cannot be a secret.
enum KeyFields {
    static let standardProvider = "openrouter"

    /// Shorter ones are no keys (KP-06); longer ones fit no header.
    static let secretLength = 20...4096

    static func name(_ text: String) throws -> String {
        guard PlainText.isName(text) else {
            throw CodedError(
                .badValue,
                "a key's name has 1 to 64 letters, digits or . _ - @ + : and begins with a letter or digit")
        }
        // It would be an id.
        guard Int64(text) == nil else { throw CodedError(.badValue, "a key's name cannot be a number") }
        guard !looksSecret(text) else {
            throw CodedError(.badValue, "a key's name cannot look like a secret: it is shown everywhere")
        }
        return text
    }

    /// The word of an adapter, lower case (KP-14).
    static func provider(_ text: String?) throws -> String {
        guard let text else { return standardProvider }
        let isWord = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        guard (1...32).contains(text.utf8.count), isWord else {
            throw CodedError(.badValue, "a provider is a word of 1 to 32 lower-case letters, digits or -")
        }
        return text
    }

    static func account(_ text: String) throws -> String {
        guard PlainText.isLine(text, upTo: 128), !looksSecret(text), text != AccountFields.unknown else {
            throw CodedError(
                .badValue, "an account is 1 to 128 printable characters, or none, and not “unknown”")
        }
        return text
    }

    static func weight(_ value: Int?) throws -> Int {
        guard let value else { return 1 }
        guard (1...1000).contains(value) else {
            throw CodedError(.badValue, "a weight is a number from 1 to 1000")
        }
        return value
    }

    static func priority(_ value: Int?) throws -> Int {
        guard let value else { return 0 }
        guard (0...9).contains(value) else {
            throw CodedError(.badValue, "a priority is a number from 0 to 9; 0 serves first")
        }
        return value
    }

    static func maxInFlight(_ value: Int?) throws -> Int {
        guard let value else { return 0 }
        guard (0...100_000).contains(value) else {
            throw CodedError(.badValue, "requests at once are a number from 0, no bound, to 100000")
        }
        return value
    }

    /// Sets the entries of `change` in `map`; null takes one away.
    ///
    /// - Parameter noun: `tag` or `metadata entry`.
    static func map(
        _ map: [String: String], changed change: [String: String?], noun: String
    ) throws -> [String: String] {
        var result = map
        for (name, value) in change {
            guard let value else {
                result[name] = nil
                continue
            }
            guard PlainText.isLine(name, upTo: 64), PlainText.isLine(value, upTo: 256), !looksSecret(value)
            else {
                throw CodedError(
                    .badValue,
                    "a \(noun) has a name of up to 64 and a value of up to 256 printable characters")
            }
            result[name] = value
        }
        guard result.count <= 64 else { throw CodedError(.badValue, "a key can have 64 of \(noun)s at most") }
        return result
    }

    static func reason(_ text: String?) throws -> String? {
        guard let text else { return nil }
        guard PlainText.isLine(text, upTo: 500) else {
            throw CodedError(.badValue, "a reason is 1 to 500 printable characters")
        }
        return text
    }

    /// What is wrong with it, in words without any of it; nil when it can be
    /// a key.
    static func objection(toSecret bytes: UnsafeRawBufferPointer) -> String? {
        var hasSpace = false
        for byte in bytes {
            switch byte {
            case 0x21...0x7E: break
            case 0x20, 0x09: hasSpace = true
            default: return "not printable text"
            }
        }
        if hasSpace { return "white space inside" }
        if bytes.count < secretLength.lowerBound {
            return "shorter than \(secretLength.lowerBound) characters"
        }
        if bytes.count > secretLength.upperBound {
            return "longer than \(secretLength.upperBound) characters"
        }
        return nil
    }

    static func secret(_ text: String) throws -> Secret {
        let secret = Secret(Array(text.utf8))
        if let objection = secret.withBytes({ objection(toSecret: $0) }) {
            throw CodedError(.badFormat, "this is not a key: \(objection)")
        }
        return secret
    }

    static func looksSecret(_ text: String) -> Bool {
        text.hasPrefix("sk-") || ClientEnvironment.allCases.contains { text.hasPrefix("gw_\($0.rawValue)_") }
    }

    /// What somebody typed, fit for a message: short, one line, no secret.
    static func shown(_ text: String) -> String {
        looksSecret(text) || !PlainText.isLine(text, upTo: 64) ? "…" : text
    }
}
