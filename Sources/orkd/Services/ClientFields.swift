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
                "permissions must be among: \(Permissions.words.joined(separator: ", "))")
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

    /// The mark is moved to another client, never just taken away.
    static func primary(_ isPrimary: Bool, of user: UserID) throws -> Bool {
        guard isPrimary else { throw CodedError(.badValue, "primary can only be true: mark another client") }
        guard user != .house else { throw CodedError(.badValue, "only a client of a user can be primary") }
        return true
    }

    /// A number of requests.
    static func maxRequests(_ count: Int64) throws -> Int64 {
        guard count > 0 else { throw CodedError(.badValue, "max_requests must be above 0") }
        return count
    }

    /// Allow lists: those that are named take the place of those in `lists`.
    static func lists(
        _ lists: AllowLists, models: [String]?, endpoints: [String]?, addresses: [String]?,
        referrers: [String]?
    ) throws -> AllowLists {
        var lists = lists
        if let models {
            lists.models = try list(models, "models: a name or a pattern such as openai/*", AllowLists.model)
        }
        if let endpoints {
            lists.endpoints = try list(
                endpoints, "endpoints: a path below /v1 or a pattern such as images/*", AllowLists.endpoint)
        }
        if let addresses {
            lists.addresses = try list(
                addresses, "addresses: an address or a range such as 10.0.0.0/8", AllowLists.address)
        }
        if let referrers {
            lists.referrers = try list(
                referrers, "referrers: a domain such as example.com, which covers its subdomains",
                AllowLists.referrer)
        }
        return lists
    }

    /// Each once, in the order in which they were named.
    private static func list(
        _ texts: [String], _ form: String, _ read: (String) -> String?
    ) throws -> [String] {
        guard texts.count <= AllowLists.most else {
            throw CodedError(.badValue, "\(form.prefix { $0 != ":" }): at most \(AllowLists.most) fit")
        }
        var result: [String] = []
        for text in texts {
            guard let entry = read(text), !KeyFields.looksSecret(text) else {
                throw CodedError(.badValue, form)
            }
            if !result.contains(entry) { result.append(entry) }
        }
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
