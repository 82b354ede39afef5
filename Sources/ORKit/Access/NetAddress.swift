/// An IPv4 or IPv6 address. An IPv4 address in IPv6 words (`::ffff:10.0.0.1`)
/// is that IPv4 address.
package struct NetAddress: Sendable, Hashable {
    /// IPv4 lies at `::ffff:0:0/96`.
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    init(v4: UInt32) { self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(v4)) }

    package var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// Strictly as RFC 4291, 2.2 and dotted decimals have it: no zone, no
    /// leading zeros, nothing around it.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(Self.longest + 1))
        guard bytes.count <= Self.longest else { return nil }
        if bytes.contains(0x3A) {
            guard let groups = Self.groups(bytes) else { return nil }
            let words = groups.map(UInt64.init)
            self.init(
                high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
                low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
        } else {
            guard let v4 = Self.decimals(bytes[...]) else { return nil }
            self.init(v4: v4)
        }
    }

    /// `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`
    private static let longest = 45

    private static func decimals(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
                part.count == 1 || part.first != 0x30
            else { return nil }
            let number = part.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
            guard number < 256 else { return nil }
            value = value << 8 | number
        }
        return value
    }

    /// Eight of them.
    private static func groups(_ bytes: [UInt8]) -> [UInt16]? {
        guard let gap = firstDoubleColon(bytes) else {
            return run(bytes[...], mayEndInV4: true).flatMap { $0.count == 8 ? $0 : nil }
        }
        let rest = bytes[(gap + 2)...]
        guard let front = gap == 0 ? [] : run(bytes[..<gap], mayEndInV4: false),
            let back = rest.isEmpty ? [] : run(rest, mayEndInV4: true), front.count + back.count < 8
        else { return nil }
        return front + [UInt16](repeating: 0, count: 8 - front.count - back.count) + back
    }

    private static func firstDoubleColon(_ bytes: [UInt8]) -> Int? {
        bytes.indices.dropLast().first { bytes[$0] == 0x3A && bytes[$0 + 1] == 0x3A }
    }

    private static func run(_ bytes: ArraySlice<UInt8>, mayEndInV4: Bool) -> [UInt16]? {
        let parts = bytes.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var groups: [UInt16] = []
        for (place, part) in parts.enumerated() {
            if part.contains(0x2E) {
                guard mayEndInV4, place == parts.count - 1, let v4 = decimals(part) else { return nil }
                groups += [UInt16(truncatingIfNeeded: v4 >> 16), UInt16(truncatingIfNeeded: v4)]
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var group: UInt16 = 0
            for byte in part {
                guard let digit = ASCII.hexValue(byte) else { return nil }
                group = group << 4 | UInt16(digit)
            }
            groups.append(group)
        }
        return groups
    }
}

extension NetAddress: CustomStringConvertible {
    /// As RFC 5952 writes it.
    package var description: String {
        func part(_ word: UInt64, _ shift: Int, _ mask: UInt64) -> UInt64 { word >> UInt64(shift) & mask }
        if isV4 { return [24, 16, 8, 0].map { String(part(low, $0, 0xFF)) }.joined(separator: ".") }
        let groups =
            [48, 32, 16, 0].map { part(high, $0, 0xFFFF) } + [48, 32, 16, 0].map { part(low, $0, 0xFFFF) }
        // The longest run of zeros, the first of equals, if there are at least two.
        var best = 0..<0
        var start = 0
        for place in 0...8 where place == 8 || groups[place] != 0 {
            if place - start > max(1, best.count) { best = start..<place }
            start = place + 1
        }
        func text(_ part: ArraySlice<UInt64>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !best.isEmpty else { return text(groups[...]) }
        return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }
}
