import Testing

@testable import ORKit

@Suite("Digests")
struct DigestTests {
    @Test("bytes come back in their order, however they are asked for")
    func bytes() throws {
        let bytes = [UInt8](0xE0...0xFF)
        let digest = try #require(Digest(bytes))
        #expect(digest.bytes == bytes)
        #expect(digest.withUnsafeBytes { [UInt8]($0) } == bytes)
        #expect(digest.withUnsafeBytes { Digest($0) } == digest)
        #expect(Digest(hex: digest.hex) == digest && digest.short == "e0e1e2e3e4e5")
    }
}
