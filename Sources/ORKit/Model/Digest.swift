/// A SHA-256 value. The identity of a secret wherever the secret itself must
/// not be: in tables, answers, logs and the audit trail.
///
/// ORKit computes none: the daemon does (swift-crypto), so that this library
/// has no dependency.
public struct Digest: Hashable, Sendable {
    let a: UInt64
    let b: UInt64
    let c: UInt64
    let d: UInt64

    /// 32 zero bytes: of nothing that is known.
    public static let zero = Digest(a: 0, b: 0, c: 0, d: 0)

    private init(a: UInt64, b: UInt64, c: UInt64, d: UInt64) {
        self.a = a
        self.b = b
        self.c = c
        self.d = d
    }

    /// - Returns: nil unless there are exactly 32 bytes.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 32 else { return nil }
        a = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self).bigEndian
        b = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian
        c = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self).bigEndian
        d = bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self).bigEndian
    }

    public init?(_ bytes: [UInt8]) {
        guard let value = bytes.withUnsafeBytes({ Digest($0) }) else { return nil }
        self = value
    }

    /// The digest is uniform already, so its first word is a good hash; an
    /// attacker who could choose it would have to invert SHA-256.
    public func hash(into hasher: inout Hasher) { hasher.combine(a) }

    public var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

    /// Calls with the 32 bytes, in their order; they are there during the call
    /// only.
    public func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try Swift.withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian), body)
    }

    /// 64 lower-case hexadecimal digits: OpenRouter's own `hash` of a key is
    /// the same value (openrouter-api, key object).
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// - Returns: nil unless the text is 64 hexadecimal digits, in either case.
    public init?(hex text: String) {
        let digits = text.utf8.compactMap(\.hexadecimalValue)
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        self.init(stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// The short form shown to people: the first 12 hexadecimal digits.
    public var short: String { String(hex.prefix(12)) }
}
