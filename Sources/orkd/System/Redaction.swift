/// The last guard before a line leaves: masks what has the shape of a key of
/// ours or of a provider. It should never find anything.
enum Redaction {
    private static let prefixes = ["sk-", "gw_live_", "gw_test_", "gw_staging_", "gw_dev_"].map {
        Array($0.utf8)
    }
    /// Shorter runs are words, such as `sk-or-v1-` in a mask.
    private static let shortestSecret = 16

    /// Replaces the characters between the prefix and the last four.
    static func mask(_ bytes: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let candidate = bytes[index] == UInt8(ascii: "s") || bytes[index] == UInt8(ascii: "g")
            guard candidate, let prefix = prefixes.first(where: { bytes[index...].starts(with: $0) }) else {
                index += 1
                continue
            }
            let start = index + prefix.count
            let end = bytes[start...].firstIndex { !isKeyCharacter($0) } ?? bytes.count
            if end - start >= shortestSecret {
                for place in start..<(end - 4) { bytes[place] = UInt8(ascii: "*") }
            }
            index = end
        }
    }

    private static func isKeyCharacter(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
