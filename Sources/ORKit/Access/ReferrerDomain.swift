/// A domain whose pages may call: itself and everything below it.
package struct ReferrerDomain: Sendable, Hashable {
    /// In lower case, without a dot at either end.
    package let text: String
    private let bytes: [UInt8]

    /// Nil unless it looks like the name of a host: letters, digits, `.`, `-`
    /// and `_` of ASCII, no empty part.
    package init?(_ text: String) {
        let lowered = text.lowercased()
        let parts = lowered.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...253).contains(lowered.utf8.count), parts.allSatisfy({ (1...63).contains($0.utf8.count) }),
            lowered.utf8.allSatisfy({ Self.isOfName($0) || $0 == 0x2E })
        else { return nil }
        self.text = lowered
        bytes = Array(lowered.utf8)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
    }

    /// - Parameter page: value of `Origin` or `Referer`.
    package func covers(_ page: UnsafeRawBufferPointer) -> Bool {
        guard let host = Self.host(of: page), host.count >= bytes.count else { return false }
        let front = host.count - bytes.count
        guard host[front...].elementsEqual(bytes) else { return false }
        return front == 0 || host[front - 1] == 0x2E
    }

    /// The host of an http or https address, in lower case. Nil for anything
    /// that two readers could read differently: a user in front, a backslash,
    /// a byte that is no printable ASCII.
    static func host(of page: UnsafeRawBufferPointer) -> [UInt8]? {
        let start: Int
        if page.part(0..<8).isFolded("https://") {
            start = 8
        } else if page.part(0..<7).isFolded("http://") {
            start = 7
        } else {
            return nil
        }
        let end = page[start...].firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? page.count
        let authority = page.part(start..<end).map(ASCII.folded)
        guard page.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }), !authority.contains(0x40) else {
            return nil
        }
        var host = authority[...]
        if host.first != 0x5B, let colon = host.firstIndex(of: 0x3A) {
            guard host[(colon + 1)...].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            host = host[..<colon]
        }
        // The same host, said with the root's own dot.
        if host.last == 0x2E { host = host.dropLast() }
        guard !host.isEmpty, host.allSatisfy({ isOfName($0) || $0 == 0x2E }) else { return nil }
        return Array(host)
    }
}
