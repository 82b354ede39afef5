/// The upstream's address, from any of the ways to write it (ruling 30):
/// with and without `/v1`, with and without a slash at the end.
package struct UpstreamBase: Hashable, Sendable {
    package let isTLS: Bool
    /// Name or address; an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16
    /// What stands before `/v1/…`: empty, or begins with `/` and does not end
    /// with one.
    package let prefix: [UInt8]

    /// The `Host` field: with the port where it is not the scheme's own.
    package var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// - Returns: nil for anything but `http` or `https` with a host, without
    ///   credentials, query and fragment, and with a plain path.
    package static func normalise(_ text: String) -> UpstreamBase? {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let lowered = text.lowercased()
        let isTLS = lowered.hasPrefix("https://")
        guard isTLS || lowered.hasPrefix("http://") else { return nil }
        let rest = bytes.dropFirst(isTLS ? 8 : 7)
        let authority = rest.prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
        guard let (host, port) = split(authority, defaultPort: isTLS ? 443 : 80),
            let prefix = prefix(Array(rest.dropFirst(authority.count)))
        else { return nil }
        return UpstreamBase(isTLS: isTLS, host: host, port: port, prefix: prefix)
    }

    private static func split(_ authority: ArraySlice<UInt8>, defaultPort: UInt16) -> (String, UInt16)? {
        let host: ArraySlice<UInt8>
        var rest: ArraySlice<UInt8>
        if authority.first == 0x5B {
            host = authority.dropFirst().prefix { $0 != 0x5D }
            rest = authority.dropFirst(host.count + 1)
            let isAddress =
                host.contains(0x3A)
                && host.allSatisfy { ASCII.hexValue($0) != nil || $0 == 0x3A || $0 == 0x2E }
            guard isAddress, rest.popFirst() == 0x5D else { return nil }
        } else {
            host = authority.prefix { $0 != 0x3A }
            rest = authority.dropFirst(host.count)
            guard !host.isEmpty, host.count <= 253, host.allSatisfy(isHostCharacter) else { return nil }
        }
        let name = String(decoding: host, as: UTF8.self).lowercased()
        guard !rest.isEmpty else { return (name, defaultPort) }
        let digits = rest.dropFirst()
        guard rest.first == 0x3A, (1...5).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
        else { return nil }
        return (name, port)
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    private static func prefix(_ path: [UInt8]) -> [UInt8]? {
        var path = path
        if path.last == 0x2F { path.removeLast() }
        if path == Array("/v1".utf8) || path.suffix(3) == Array("/v1".utf8) { path.removeLast(3) }
        guard !path.isEmpty else { return [] }
        let isPlain = path.withUnsafeBytes { region -> Bool in
            guard let base = region.baseAddress else { return false }
            return PathSyntax.fault(base, count: region.count) == nil
        }
        return isPlain && path.first == 0x2F && path.last != 0x2F ? path : nil
    }
}
