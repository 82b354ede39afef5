/// The allow lists of a client as an operator wrote them, put into one form.
/// An empty list allows everything.
package struct AllowLists: Sendable, Hashable {
    package var models: [String] = []
    package var endpoints: [String] = []
    package var addresses: [String] = []
    package var referrers: [String] = []

    package init() {}

    package var isEmpty: Bool {
        models.isEmpty && endpoints.isEmpty && addresses.isEmpty && referrers.isEmpty
    }

    /// Entries of one list.
    package static let most = 256

    /// Nil for what is no name or pattern of models.
    package static func model(_ text: String) -> String? { BytePattern(text)?.text }

    /// `chat/completions`, also written `/v1/chat/completions`; nil for what
    /// is no path or pattern of paths.
    package static func endpoint(_ text: String) -> String? {
        var rest = text[...]
        if rest.hasPrefix("/") { rest = rest.dropFirst() }
        if rest.hasPrefix("v1/") { rest = rest.dropFirst(3) }
        guard rest.utf8.allSatisfy({ isOfPath($0) }) else { return nil }
        return BytePattern(String(rest))?.text
    }

    private static func isOfPath(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "/-_.~:@*?".utf8.contains(byte)
        }
    }

    /// `10.0.0.0/8`; nil for what is no address or range.
    package static func address(_ text: String) -> String? { AddressRange(text)?.description }

    /// `example.com`; nil for what is no domain.
    package static func referrer(_ text: String) -> String? { ReferrerDomain(text)?.text }
}

extension AllowLists: Codable {
    private enum CodingKeys: String, CodingKey { case models, endpoints, addresses, referrers }

    package init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        models = try box.decodeIfPresent([String].self, forKey: .models) ?? []
        endpoints = try box.decodeIfPresent([String].self, forKey: .endpoints) ?? []
        addresses = try box.decodeIfPresent([String].self, forKey: .addresses) ?? []
        referrers = try box.decodeIfPresent([String].self, forKey: .referrers) ?? []
    }
}
