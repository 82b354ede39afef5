internal import Crypto
internal import FoundationEssentials
import ORKit

/// The key under which the secrets of pool keys are sealed: 256 bits.
///
/// Never used as it is: one key for sealing and one value to recognise it are
/// derived from it (HKDF-SHA256), so that the value kept in the database
/// tells nothing about the other.
struct MasterKey: Sendable {
    private let bits: SymmetricKey

    /// Reads 64 hexadecimal digits, base64 or base64url of 32 bytes (the form
    /// that S3's generate command prints), or exactly 32 raw bytes. White
    /// space at the end is left out. Nil for anything else.
    init?(_ secret: Secret) {
        guard let bytes = secret.withBytes(Self.read) else { return nil }
        bits = SymmetricKey(data: bytes)
    }

    private init(bits: SymmetricKey) { self.bits = bits }

    static func random() -> MasterKey { MasterKey(bits: SymmetricKey(size: .bits256)) }

    /// The form in which it is written to a file: base64url and a newline.
    var text: Secret {
        let coded = bits.withUnsafeBytes { Data($0).base64EncodedString() }
        return Secret(
            coded.utf8.map {
                $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
            }
                + [0x0A])
    }

    func derived(_ purpose: StaticString) -> SymmetricKey {
        let label = UnsafeBufferPointer(start: purpose.utf8Start, count: purpose.utf8CodeUnitCount)
        return HKDF<SHA256>.deriveKey(inputKeyMaterial: bits, info: Data(label), outputByteCount: 32)
    }

    /// Tells whether a database was sealed under this key.
    var checkValue: String {
        derived("ork check 1").withUnsafeBytes { ORKit.Digest($0)?.hex ?? "" }
    }

    private static func read(_ raw: UnsafeRawBufferPointer) -> Data? {
        if raw.count == 32 { return Data(raw) }
        var bytes = raw[...]
        while let last = bytes.last, last == 0x0A || last == 0x0D || last == 0x20 { bytes.removeLast() }
        if bytes.count == 64, let data = hexadecimal(bytes) { return data }
        guard bytes.count == 43 || bytes.count == 44 else { return nil }
        var text = bytes.map {
            $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0
        }
        if text.count == 43 { text.append(UInt8(ascii: "=")) }
        guard let data = Data(base64Encoded: Data(text)), data.count == 32 else { return nil }
        return data
    }

    private static func hexadecimal(_ bytes: Slice<UnsafeRawBufferPointer>) -> Data? {
        var out = Data(capacity: 32)
        var high: UInt8?
        for byte in bytes {
            guard let digit = byte.hexadecimalValue else { return nil }
            if let first = high {
                out.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return out
    }
}
