import ORKit

/// What the fields of a client may hold. A refusal names the field, and
/// repeats a value only where it cannot be a secret.
enum ClientFields {
    static func name(_ text: String) throws -> String {
        guard PlainText.isName(text) else {
            throw CodedError(
                .badValue,
                "a client's name has 1 to 64 letters, digits or . _ - @ + : and begins with a letter or digit"
            )
        }
        // It would be an id.
        guard Int64(text) == nil else { throw CodedError(.badValue, "a client's name cannot be a number") }
        guard !KeyFields.looksSecret(text) else {
            throw CodedError(.badValue, "a client's name cannot look like a secret: it is shown everywhere")
        }
        return text
    }

    static func environment(_ text: String?) throws -> ClientEnvironment {
        guard let text else { return .live }
        guard let environment = ClientEnvironment(rawValue: text) else {
            throw CodedError(
                .badValue,
                "environment must be one of: \(ClientEnvironment.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return environment
    }

    /// Nothing said means the standard set (K-18).
    static func permissions(_ names: [String]?) throws -> Permissions {
        guard let names, !names.isEmpty else { return .standard }
        guard let permissions = Permissions(names: names) else {
            throw CodedError(
                .badValue,
                "permissions must be among: \(Permissions(rawValue: .max).names.joined(separator: ", "))")
        }
        return permissions
    }

    /// A duration from now (`90d`) or an RFC 3339 time to come; `none` is nil.
    static func expiry(_ text: String, at now: WallTime) throws -> WallTime? {
        if text == "none" { return nil }
        let time = Int64(duration: text).map(now.advanced(byMilliseconds:)) ?? WallTime(rfc3339: text)
        guard let time else {
            throw CodedError(
                .badValue, "expires must be a duration like 90d, a time like 2027-02-19T00:00:00Z, or none")
        }
        guard time > now else { throw CodedError(.badValue, "expires must be in the future") }
        return time
    }

    /// Sets the entries of `change` in `tags`; null takes one away.
    static func tags(_ tags: [String: String], changed change: [String: String?]) throws -> [String: String] {
        var result = tags
        for (name, value) in change {
            guard let value else {
                result[name] = nil
                continue
            }
            guard isText(name, upTo: 64), isText(value, upTo: 256) else {
                throw CodedError(
                    .badValue, "tags need a name of up to 64 and a value of up to 256 printable characters")
            }
            result[name] = value
        }
        guard result.count <= 64 else { throw CodedError(.badValue, "at most 64 tags fit") }
        return result
    }

    static func text(_ text: String, _ field: String) throws -> String {
        guard isText(text, upTo: 500) else {
            throw CodedError(.badValue, "\(field) must be 1 to 500 printable characters, or none to clear it")
        }
        return text
    }

    private static func isText(_ text: String, upTo limit: Int) -> Bool {
        PlainText.isLine(text, upTo: limit) && !KeyFields.looksSecret(text)
    }
}
