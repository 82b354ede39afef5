internal import Crypto
import ORKit

extension ORKit.Digest {
    /// SHA-256 of a secret: its identity wherever the secret must not be.
    static func of(_ secret: Secret) -> ORKit.Digest { secret.withBytes { of(bytes: $0) } }

    static func of(bytes: UnsafeRawBufferPointer) -> ORKit.Digest {
        SHA256.hash(data: bytes).withUnsafeBytes { hash in
            guard let digest = ORKit.Digest(hash) else { preconditionFailure("SHA-256 has 32 bytes") }
            return digest
        }
    }
}
