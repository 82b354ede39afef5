internal import Crypto
internal import FoundationEssentials
import ORKit

/// Seals the secrets of pool keys at rest: AES-256-GCM, a random 96-bit nonce
/// per sealing, bound to the key's id and fingerprint so that sealed bytes
/// cannot be moved to another row (EN-01).
///
/// Form: one byte of version (1), 12 of nonce, the ciphertext, 16 of tag.
struct Sealing: Sendable {
    private let key: SymmetricKey
    /// What the database keeps to recognise the master key.
    let checkValue: String

    private static let version: UInt8 = 1

    init(_ master: MasterKey) {
        key = master.derived("ork seal 1")
        checkValue = master.checkValue
    }

    func seal(_ secret: Secret, key id: KeyID, fingerprint: ORKit.Digest) throws -> Data {
        let box = try secret.withBytes { bytes in
            try AES.GCM.seal(bytes, using: key, authenticating: Self.context(id, fingerprint))
        }
        var out = Data(capacity: 29 + secret.count)
        out.append(Self.version)
        out.append(contentsOf: box.nonce)
        out.append(box.ciphertext)
        out.append(box.tag)
        return out
    }

    /// - Returns: nil when the bytes were not sealed under this key for this
    ///   row.
    func open(_ sealed: Data, key id: KeyID, fingerprint: ORKit.Digest) -> Secret? {
        guard sealed.first == Self.version,
            let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst()),
            var bytes = try? AES.GCM.open(box, using: key, authenticating: Self.context(id, fingerprint))
        else { return nil }
        defer { bytes.resetBytes(in: bytes.startIndex..<bytes.endIndex) }
        return Secret(bytes)
    }

    private static func context(_ id: KeyID, _ fingerprint: ORKit.Digest) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: id.raw >> (56 - 8 * Int64($0))) } + fingerprint.bytes
    }
}
