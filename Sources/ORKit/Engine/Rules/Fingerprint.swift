/// A number for a kind of trouble: FNV-1a over the rule, the status and the
/// words, in which digits and capitals do not count, because amounts, times
/// and ids differ from key to key.
enum Fingerprint {
    /// Of each text no more than its beginning counts.
    private static let prefix = 256

    static func of(rule: String, status: Int = 0, _ texts: [String] = []) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in rule.utf8 { add(byte) }
        add(UInt8(truncatingIfNeeded: status))
        add(UInt8(truncatingIfNeeded: status >> 8))
        for text in texts {
            add(0)
            var wasDigit = false
            for byte in Evidence.line([Evidence.part(text, atMost: prefix)]).utf8 {
                let isDigit = (0x30...0x39).contains(byte)
                if isDigit, wasDigit { continue }
                wasDigit = isDigit
                add(isDigit ? UInt8(ascii: "#") : (0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            }
        }
        return max(hash, 1)
    }
}
