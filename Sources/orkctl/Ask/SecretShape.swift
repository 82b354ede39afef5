// Ask: what people and scripts give us: secrets, confirmations, filters, times, pairs.
// Here: reading and checking input. Not here: calls, output of results.
// May import ORKit, ArgumentParser (value types) and Glibc.

/// What a secret looks like: an upstream key (`sk-…`, at least 20 characters)
/// or a client key (`gw_live_…` and its sisters). Masked forms such as
/// `sk-or-v1-…9c41` and fingerprints do not.
enum SecretShape {
    private static let clientPrefixes = ["gw_live_", "gw_test_", "gw_staging_", "gw_dev_"].map {
        Array($0.utf8)
    }
    private static let upstreamPrefix = Array("sk-".utf8)
    /// So much like nothing else that it need not begin a word.
    private static let plainPrefixes = [Array("sk-or-".utf8), Array("sk-ant-".utf8)] + clientPrefixes

    static func isIn(_ text: String) -> Bool { !ranges(in: Array(text.utf8)).isEmpty }

    /// The text with `…` in place of every secret's body.
    static func scrubbed(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let found = ranges(in: bytes)
        guard !found.isEmpty else { return text }
        var result: [UInt8] = []
        var position = 0
        for range in found {
            result += bytes[position..<range.lowerBound]
            result += Array("‹secret›".utf8)
            position = range.upperBound
        }
        return String(decoding: result + bytes[position...], as: UTF8.self)
    }

    private static func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let isBoundary =
                start == 0 || !isAlphanumeric(bytes[start - 1])
                || plainPrefixes.contains { bytes[start...].starts(with: $0) }
            if isBoundary, let end = end(ofSecretAt: start, in: bytes) {
                found.append(start..<end)
                start = end
            } else {
                start += 1
            }
        }
        return found
    }

    private static func end(ofSecretAt start: Int, in bytes: [UInt8]) -> Int? {
        guard bytes[start] == UInt8(ascii: "s") || bytes[start] == UInt8(ascii: "g") else { return nil }
        let rest = bytes[start...]
        let least: Int
        if rest.starts(with: upstreamPrefix) {
            least = 20
        } else if let prefix = clientPrefixes.first(where: { rest.starts(with: $0) }) {
            least = prefix.count + 8
        } else {
            return nil
        }
        let body = rest.prefix { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        return body.count >= least ? body.endIndex : nil
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
