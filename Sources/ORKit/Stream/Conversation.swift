/// A number for a conversation: the same for all its requests (ruling 16).
/// From the session that the caller names; else from how it opens: the first
/// message, and the second if the first is an instruction.
package enum Conversation {
    /// Of long openings no more than this is looked at on either side.
    private static let bound = 1024

    /// - Parameter client: two clients that call a session alike mean two.
    package static func digest(_ bytes: UnsafeRawBufferPointer, of client: ClientID) -> UInt64 {
        var digest = mixed(UInt64(bitPattern: client.raw) ^ UInt64(bytes.count) << 32, 0)
        if bytes.count <= 2 * bound {
            add(bytes, to: &digest)
        } else {
            add(UnsafeRawBufferPointer(rebasing: bytes.prefix(bound)), to: &digest)
            add(UnsafeRawBufferPointer(rebasing: bytes.suffix(bound)), to: &digest)
        }
        return digest
    }

    private static func add(_ bytes: UnsafeRawBufferPointer, to digest: inout UInt64) {
        for word in 0..<bytes.count / 8 {
            digest = mixed(digest, bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self))
        }
        for byte in bytes.suffix(bytes.count % 8) { digest = mixed(digest, UInt64(byte)) }
    }

    @inline(__always)
    private static func mixed(_ digest: UInt64, _ word: UInt64) -> UInt64 {
        let product = (digest ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 29
    }
}
