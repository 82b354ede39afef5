import Foundation
import GRDB
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

/// What is left on disk of a key that is gone (`reliability.md` B4-38).
@Suite("remains of keys")
struct SealedRemainsTests {
    private let directory = try? StoreFixture()

    @Test(
        "40 keys that were replaced or removed: not even their sealed form is left in a file",
        .proves("B4-38"))
    func remains() async throws {
        let files = try #require(directory)
        let fixture = try KeysFixture(.file(files.path), masterKey: files.masterKey)
        for number in 1...41 { try await fixture.add("k\(number)", number) }
        let sealed = try await fixture.store.read { db in
            try Data.fetchAll(db, sql: "SELECT sealed FROM key ORDER BY id")
        }
        #expect(sealed.count == 41 && sealed.allSatisfy { $0.count > 32 })
        let before = try files.everything()
        #expect(sealed.allSatisfy { before.range(of: $0) != nil }, "the search cannot find what is there")
        for number in 1...20 {
            _ = try await fixture.keys.rotate(
                KeyRotate(select: ["k\(number)"], secret: KeysFixture.secret(100 + number)), .real)
        }
        for number in 21...40 { _ = try await fixture.keys.remove(Selection(select: ["k\(number)"]), .real) }
        // What empties the log is done when the next change is.
        try await fixture.store.transact { _ in }
        let after = try files.everything()
        for (index, blob) in sealed.dropLast().enumerated() {
            #expect(after.range(of: blob) == nil, "k\(index + 1)")
        }
        #expect(sealed.last.flatMap { after.range(of: $0) } != nil)
        fixture.store.close()
    }
}
