/// Where a request comes from (K-34).
package enum CallerAddress {
    /// The peer itself; behind proxies that the operator trusts, the last hop
    /// that none of them is. What stands further left was written by strangers.
    ///
    /// - Parameters:
    ///   - peer: who connected.
    ///   - forwarded: values of `X-Forwarded-For`, in the order of the head.
    ///   - trusted: addresses of the operator's proxies.
    /// - Returns: nil when that hop is not an address.
    package static func find(
        peer: NetAddress, forwarded: [String], trusted: [AddressRange]
    ) -> NetAddress? {
        func isTrusted(_ address: NetAddress) -> Bool { trusted.contains { $0.contains(address) } }
        guard isTrusted(peer) else { return peer }
        var nearest = peer
        for value in forwarded.reversed() {
            for hop in value.split(separator: ",").reversed() {
                let text = trimmed(hop)
                // RFC 9110, 5.6.1: empty elements do not count.
                if text.isEmpty { continue }
                guard let address = address(text) else { return nil }
                nearest = address
                if !isTrusted(address) { return address }
            }
        }
        return nearest
    }

    /// With or without a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(_ hop: Substring) -> NetAddress? {
        if hop.first == "[" {
            guard let end = hop.firstIndex(of: "]") else { return nil }
            let port = hop[hop.index(after: end)...]
            guard port.isEmpty || isPort(port) else { return nil }
            return NetAddress(hop[hop.index(after: hop.startIndex)..<end])
        }
        if let colon = hop.firstIndex(of: ":"), !hop[hop.index(after: colon)...].contains(":") {
            return isPort(hop[colon...]) ? NetAddress(hop[..<colon]) : nil
        }
        return NetAddress(hop)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && (2...6).contains(text.utf8.count)
            && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
