import ORKit

/// A client key at the moment of its birth: afterwards only the digest is
/// known (K-19).
struct ClientKey: Sendable {
    let secret: Secret
    let digest: Digest
    let masked: String

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// `gw_<environment>_` and 43 characters of base 62 that carry 256 bits
    /// from the system's random source.
    static func mint(_ environment: ClientEnvironment) -> ClientKey {
        var source = SystemRandomNumberGenerator()
        return mint(environment, using: &source)
    }

    static func mint(_ environment: ClientEnvironment, using source: inout some RandomNumberGenerator)
        -> ClientKey
    {
        var words = (0..<8).map { _ in UInt32.random(in: .min ... .max, using: &source) }
        // Long division of the 256-bit number: 62^43 is just above 2^256.
        var text = [UInt8](repeating: 0, count: 43)
        for place in text.indices.reversed() {
            var remainder: UInt64 = 0
            for i in words.indices {
                let value = remainder << 32 | UInt64(words[i])
                words[i] = UInt32(truncatingIfNeeded: value / 62)
                remainder = value % 62
            }
            text[place] = alphabet[Int(remainder)]
        }
        let secret = Secret(Array("gw_\(environment.rawValue)_".utf8) + text)
        return ClientKey(secret: secret, digest: .of(secret), masked: secret.masked)
    }
}
