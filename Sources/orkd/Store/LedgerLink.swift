internal import Crypto
import ORKit

/// What ties a row of the ledger to all rows before it: the SHA-256 of the
/// link before, the row's sequence and time as eight big-endian bytes each,
/// and its body. Whoever changes, removes or moves a row breaks every later
/// link.
struct LedgerLink: Sendable, Equatable {
    let digest: ORKit.Digest

    /// Before the first row: 32 zero bytes.
    static let first = LedgerLink(digest: ORKit.Digest.zero)

    func next(sequence: Int64, at: WallTime, body: [UInt8]) -> LedgerLink {
        var hash = SHA256()
        digest.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let place = (sequence.bigEndian, at.milliseconds.bigEndian)
        withUnsafeBytes(of: place) { hash.update(bufferPointer: $0) }
        body.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { bytes in
            LedgerLink(digest: ORKit.Digest(bytes) ?? digest)
        }
    }
}
