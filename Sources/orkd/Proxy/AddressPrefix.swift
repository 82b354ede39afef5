import Glibc

/// Whose failures are counted together: one IPv4 address, or the first 64
/// bits of an IPv6 address, which is what a single customer is given.
struct AddressPrefix: Hashable, Sendable {
    private enum Family: UInt8 { case none, v4, v6 }

    private let family: Family
    private let bits: UInt64

    /// Everybody for whom there is no room of their own.
    static let others = AddressPrefix(.none, 0)

    private init(_ family: Family, _ bits: UInt64) { (self.family, self.bits) = (family, bits) }

    /// - Parameter text: of an address, perhaps with a zone; anything else
    ///   counts as `others`.
    init(_ text: String) {
        let plain = String(text.prefix { $0 != "%" })
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, plain, &v4) == 1 {
            self.init(.v4, UInt64(UInt32(bigEndian: v4.s_addr)))
        } else if inet_pton(AF_INET6, plain, &v6) == 1 {
            let (high, low) = withUnsafeBytes(of: &v6) {
                (
                    UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            // ::ffff:0:0/96 is IPv4 in other words.
            if high == 0, low >> 32 == 0xFFFF {
                self.init(.v4, low & 0xFFFF_FFFF)
            } else {
                self.init(.v6, high)
            }
        } else {
            self = .others
        }
    }
}

extension AddressPrefix: CustomStringConvertible {
    var description: String {
        switch family {
        case .none: "others"
        case .v4: (0..<4).map { String(bits >> UInt64(24 - 8 * $0) & 0xFF) }.joined(separator: ".")
        case .v6:
            (0..<4).map { String(bits >> UInt64(48 - 16 * $0) & 0xFFFF, radix: 16) }.joined(separator: ":")
                + "::/64"
        }
    }
}
