import NIOCore

/// Which addresses an upstream name may lead to. A name that suddenly points
/// into the own network (DNS rebinding) must not receive a key.
enum AddressRule {
    /// - Returns: false for loopback, private, link-local, unspecified,
    ///   multicast and mapped forms of them, and for anything not understood.
    static func isPublic(_ address: SocketAddress?) -> Bool {
        guard let address else { return false }
        // The two structures as the kernel defines them: the address is at
        // byte 4 of sockaddr_in, at byte 8 of sockaddr_in6 (ip(7), ipv6(7)).
        switch address.protocol {
        case .inet: return isPublic(v4: octets(of: address, at: 4, count: 4))
        case .inet6: return isPublic(v6: octets(of: address, at: 8, count: 16))
        default: return false
        }
    }

    private static func octets(of address: SocketAddress, at offset: Int, count: Int) -> [UInt8] {
        address.withSockAddr { pointer, size in
            let raw = UnsafeRawBufferPointer(start: pointer, count: size)
            return size >= offset + count ? Array(raw[offset..<offset + count]) : []
        }
    }

    static func isPublic(v4 octets: [UInt8]) -> Bool {
        guard octets.count == 4 else { return false }
        return switch (octets[0], octets[1]) {
        case (0, _), (10, _), (127, _): false
        case (100, 64...127): false
        case (169, 254): false
        case (172, 16...31): false
        case (192, 168), (192, 0): false
        case (198, 18...19): false
        case (224..., _): false
        default: true
        }
    }

    static func isPublic(v6 octets: [UInt8]) -> Bool {
        guard octets.count == 16 else { return false }
        let zeros = octets.prefix { $0 == 0 }.count
        // ::/96 and ::ffff:0:0/96 carry an IPv4 address; so does 64:ff9b::/96.
        if zeros >= 12 { return false }
        if zeros == 10, octets[10] == 0xFF, octets[11] == 0xFF { return isPublic(v4: Array(octets[12...])) }
        if octets.starts(with: [0, 0x64, 0xFF, 0x9B]) { return isPublic(v4: Array(octets[12...])) }
        return switch (octets[0], octets[1]) {
        case (0xFC...0xFD, _): false
        case (0xFE, 0x80...0xBF), (0xFE, 0xC0...0xFF): false
        case (0xFF, _): false
        default: true
        }
    }

    /// Whether a configured host is an address itself: then the operator
    /// chose it, and the rule has nothing to say.
    static func isLiteral(_ host: String) -> Bool { (try? SocketAddress(ipAddress: host, port: 0)) != nil }
}
