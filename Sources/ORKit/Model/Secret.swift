/// Bytes that must never be seen: an upstream key, a client key, the master
/// key. It cannot be printed, interpolated into anything readable, compared
/// byte by byte with an early exit, encoded or hashed by accident.
public struct Secret: Sendable {
    private let storage: Storage

    public init(_ bytes: some Sequence<UInt8>) { storage = Storage(copying: bytes) }

    /// The only way to the bytes. What the closure copies is the caller's
    /// responsibility.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeRawBufferPointer(storage.bytes))
    }

    public var count: Int { storage.bytes.count }

    /// How a secret is shown: `sk-or-v1-…9c41`; very short ones only as `…`.
    public var masked: String {
        withBytes { bytes in
            guard bytes.count >= 24 else { return "…" }
            let printable = bytes.allSatisfy { (0x21...0x7E).contains($0) }
            guard printable else { return "…" }
            let prefix = Self.knownPrefixes.first { known in bytes.starts(with: known.utf8) } ?? ""
            return prefix + "…" + String(decoding: bytes.suffix(4), as: UTF8.self)
        }
    }

    private static let knownPrefixes = [
        "sk-or-v1-", "sk-ant-", "sk-", "gw_live_", "gw_test_", "gw_staging_", "gw_dev_",
    ]

    /// Compares all bytes whatever they are, so that the time tells only
    /// whether the lengths differ.
    public func isEqual(to other: Secret) -> Bool { other.withBytes { isEqual(to: $0) } }

    /// As above.
    public func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        withBytes { mine in
            guard let mine = mine.baseAddress, let theirs = other.baseAddress, count == other.count else {
                return count == other.count
            }
            var difference: UInt8 = 0
            for place in 0..<count { difference |= mine.byte(place) ^ theirs.byte(place) }
            return difference == 0
        }
    }

    /// One heap copy shared by all copies of the value, overwritten when the
    /// last of them goes. Memory of our own: an array's may be shared with
    /// whoever made the secret, and would be overwritten for them too.
    ///
    /// Written once, in `init`.
    private final class Storage: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer

        init(copying source: some Sequence<UInt8>) {
            if let copy = source.withContiguousStorageIfAvailable(Self.copy) {
                bytes = copy
            } else {
                var gathered = Array(source)
                bytes = gathered.withUnsafeBufferPointer(Self.copy)
                gathered.withUnsafeMutableBytes(Self.wipe)
            }
        }

        deinit {
            Self.wipe(bytes)
            bytes.deallocate()
        }

        private static func copy(_ source: UnsafeBufferPointer<UInt8>) -> UnsafeMutableRawBufferPointer {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
            copy.copyBytes(from: source)
            return copy
        }

        private static func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
            // Volatile enough in practice: the pointer escapes the optimiser's view of dead memory.
            for i in bytes.indices { bytes[i] = 0 }
        }
    }
}
