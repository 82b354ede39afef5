import Foundation
import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("secrets at rest")
struct SealingTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test("what is sealed opens under the same key for the same row only [EN-01]")
    func roundTrip() throws {
        let sealing = Sealing(.random())
        let secret = Secret.canary(1)
        let fingerprint = Digest.of(secret)
        let sealed = try sealing.seal(secret, key: KeyID(1), fingerprint: fingerprint)
        #expect(sealing.open(sealed, key: KeyID(1), fingerprint: fingerprint)?.isEqual(to: secret) == true)
        #expect(sealing.open(sealed, key: KeyID(2), fingerprint: fingerprint) == nil)
        #expect(sealing.open(sealed, key: KeyID(1), fingerprint: .of(.canary(2))) == nil)
        #expect(Sealing(.random()).open(sealed, key: KeyID(1), fingerprint: fingerprint) == nil)
        for place in sealed.indices {
            var damaged = sealed
            damaged[place] ^= 1
            #expect(sealing.open(damaged, key: KeyID(1), fingerprint: fingerprint) == nil)
        }
        for length in 0..<sealed.count {
            #expect(sealing.open(sealed.prefix(length), key: KeyID(1), fingerprint: fingerprint) == nil)
        }
        #expect(sealed.range(of: Data("canary".utf8)) == nil)
        #expect(try sealing.seal(secret, key: KeyID(1), fingerprint: fingerprint) != sealed)
    }

    @Test("without sealed keys another master key is a new beginning")
    func otherMasterKey() throws {
        try fixture.open().close()
        try fixture.open(masterKey: .random()).close()
    }

    /// A database with sealed keys.
    private func fill() async throws -> Store {
        let store = try fixture.open()
        for number in 1...3 {
            let row = try KeyRow.sample(Int64(number), secret: .canary(number), store.sealing)
            try await store.transact { _ = try KeyTable.insert(row, $0) }
        }
        return store
    }

    @Test("a wrong master key is refused before a byte is written")
    func wrongMasterKey() async throws {
        try await fill().close()
        fixture.refuses(.masterKeyWrong, masterKey: .random())
        let store = try fixture.open()
        defer { store.close() }
        #expect(try store.loadKeys().count == 3)
    }

    @Test("it is refused before an older database is migrated or copied")
    func wrongMasterKeyForOlder() async throws {
        try await fill().close()
        let next = Migration(
            number: Migration.all.count + 1, name: "next", sql: "CREATE TABLE extra (a INTEGER) STRICT;")
        fixture.refuses(.masterKeyWrong, schema: Migration.all + [next], masterKey: .random())
        #expect(fixture.names == ["orkd.db", "orkd.db.ballast"])
    }

    @Test(
        "after a kill too, where the keys stand in the log only",
        arguments: [Set<String>(), ["orkd.db-shm"]])
    func wrongMasterKeyAfterKill(_ lost: Set<String>) async throws {
        let store = try await fill()
        defer { store.close() }
        let killed = try StoreFixture()
        try fixture.copyAsKilled(to: killed, without: lost)
        #expect(try killed.bytes("orkd.db-wal").count > 0)
        killed.refuses(.masterKeyWrong, masterKey: .random())
        let again = try killed.open(masterKey: fixture.masterKey)
        defer { again.close() }
        #expect(try again.loadKeys().count == 3)
    }

    @Test("a missing master key is refused before a byte is written")
    func missingMasterKey() async throws {
        try await fill().close()
        let before = fixture.contents()
        #expect(throws: CodedError.self) {
            try Store(.file(fixture.path), at: StoreFixture.now) { mayCreate in
                #expect(!mayCreate)
                throw CodedError(.masterKeyMissing)
            }
        }
        #expect(fixture.contents() == before)
    }

    @Test("no secret is in the file, its log or its copies, neither while open nor after [CK-09]")
    func nothingInTheClear() async throws {
        let store = try fixture.open()
        let client = ClientKey.mint(.live)
        for number in 1...50 {
            let row = try KeyRow.sample(Int64(number), secret: .canary(number), store.sealing)
            try await store.transact { db in
                _ = try KeyTable.insert(row, db)
                try AuditTable.append(
                    "keys.add", row.name, by: Order.real.actor, at: StoreFixture.now, after: row.audit, db)
            }
        }
        let text = client.secret.withBytes { Data($0) }
        for look in 0..<2 {
            let everything = try fixture.everything()
            #expect(everything.range(of: Data("canary".utf8)) == nil)
            #expect(everything.range(of: text) == nil)
            // The search can find something: a name is there.
            #expect(everything.range(of: Data("key-50".utf8)) != nil)
            if look == 0 { store.close() }
        }
    }

    @Test("a client key carries its environment and 256 bits of 62 letters")
    func clientKey() {
        var seen: Set<Digest> = []
        for environment in ClientEnvironment.allCases {
            let key = ClientKey.mint(environment)
            let text = key.secret.withBytes { String(decoding: $0, as: UTF8.self) }
            #expect(text.hasPrefix("gw_\(environment.rawValue)_"))
            #expect(text.utf8.count == "gw_\(environment.rawValue)_".utf8.count + 43)
            #expect(
                text.dropFirst(3 + environment.rawValue.count + 1).allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber)
                })
            #expect(key.digest == .of(key.secret))
            #expect(seen.insert(key.digest).inserted)
        }
    }

    @Test("a client key is its 256 bits in base 62: all ones is the longest of all")
    func baseSixtyTwo() {
        struct Ones: RandomNumberGenerator { mutating func next() -> UInt64 { .max } }
        var ones = Ones()
        let text = ClientKey.mint(.dev, using: &ones).secret.withBytes { String(decoding: $0, as: UTF8.self) }
        // 2^256 - 1 with the digits 0-9A-Za-z.
        #expect(text == "gw_dev_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1")
    }
}
