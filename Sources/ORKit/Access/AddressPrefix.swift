/// Whose failures are counted together: one IPv4 address, or the first 64
/// bits of an IPv6 address, which is what a single customer is given.
package struct AddressPrefix: Hashable, Sendable {
    /// Nil: everybody for whom there is no room of their own.
    private let first: NetAddress?

    package static let others = AddressPrefix(nil as NetAddress?)

    /// - Parameter address: nil where nobody can tell; it counts as `others`.
    package init(_ address: NetAddress?) {
        first = address.map { $0.isV4 ? $0 : NetAddress(high: $0.high, low: 0) }
    }

    /// - Parameter text: of an address, perhaps with a zone; anything else
    ///   counts as `others`.
    package init(_ text: String) { self.init(NetAddress(text.prefix { $0 != "%" })) }
}

extension AddressPrefix: CustomStringConvertible {
    package var description: String {
        guard let first else { return "others" }
        return first.isV4 ? "\(first)" : "\(first)/64"
    }
}
