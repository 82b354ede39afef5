import Crypto
import ORKit

/// The credential of the last request on a connection and its digest: the
/// next one has the same as a rule, and comparing it costs a twentieth of the
/// hash. Whom it belongs to, and whether it still does, is asked every time.
struct KnownCredential {
    private var last: (token: Secret, digest: ORKit.Digest)?

    mutating func digest(of token: UnsafeRawBufferPointer) -> ORKit.Digest? {
        if let last, last.token.isEqual(to: token) { return last.digest }
        guard let digest = SHA256.hash(data: token).withUnsafeBytes({ ORKit.Digest($0) }) else { return nil }
        last = (Secret(token), digest)
        return digest
    }
}
