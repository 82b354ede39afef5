/// Addresses that begin alike: `10.0.0.0/8`, `2001:db8::/32`, or a single
/// one.
package struct AddressRange: Sendable, Hashable {
    private let first: NetAddress
    /// Bits that are the same, counted in the IPv6 form: 0 to 128.
    private let length: Int

    /// - Parameter text: an address, perhaps with `/` and a number of bits.
    ///   Bits beyond them count as zeros.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = NetAddress(parts[0]) else { return nil }
        var bits = 128
        if parts.count == 2 {
            let most = parts[0].contains(":") ? 128 : 32
            guard (1...3).contains(parts[1].utf8.count), parts[1].allSatisfy(\.isASCII),
                let number = Int(parts[1]), parts[1] == String(number), (0...most).contains(number)
            else { return nil }
            bits = number + 128 - most
        }
        // Less than the mark of IPv4 in common is no range of IPv4 any more.
        guard !address.isV4 || bits >= 96 else { return nil }
        length = bits
        first = Self.masked(address, bits)
    }

    /// An IPv4 address is in no IPv6 range, not even in `::/0`.
    package func contains(_ address: NetAddress) -> Bool {
        address.isV4 == first.isV4 && Self.masked(address, length) == first
    }

    private static func masked(_ address: NetAddress, _ bits: Int) -> NetAddress {
        func mask(_ count: Int) -> UInt64 { count <= 0 ? 0 : count >= 64 ? .max : ~(.max >> UInt64(count)) }
        return NetAddress(high: address.high & mask(bits), low: address.low & mask(bits - 64))
    }
}

extension AddressRange: CustomStringConvertible {
    package var description: String {
        length == 128 ? "\(first)" : "\(first)/\(first.isV4 ? length - 96 : length)"
    }
}
