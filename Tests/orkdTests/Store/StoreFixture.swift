import Foundation
import GRDB
import ORKit
import Testing

@testable import orkd

/// A directory of our own for a database, removed when the test is over.
final class StoreFixture {
    let directory: String
    let masterKey = MasterKey.random()
    static let now = WallTime(milliseconds: 1_795_219_200_000)

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/ork-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var path: String { directory + "/orkd.db" }

    func open(
        observer: Journal.Observer = .init(), schema: [Migration] = Migration.all, masterKey: MasterKey? = nil
    ) throws -> Store {
        let key = masterKey ?? self.masterKey
        return try Store(.file(path), at: Self.now, observer: observer, schema: schema) { _ in key }
    }

    /// Writes a database of anybody's, private to us.
    func make(_ sql: String, as name: String = "orkd.db") throws {
        let queue = try DatabaseQueue(path: directory + "/" + name)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        try setMode(0o600, name)
    }

    func write(_ bytes: [UInt8], _ name: String = "orkd.db") throws {
        try Data(bytes).write(to: URL(fileURLWithPath: directory + "/" + name))
        try setMode(0o600, name)
    }

    func setMode(_ mode: Int, _ name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory + "/" + name)
    }

    func bytes(_ name: String = "orkd.db") throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name))
    }

    /// Every file with its bytes, the folders below included.
    func contents() -> [String: Data] {
        let names = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return names.reduce(into: [:]) { $0[$1] = (try? bytes($1)) ?? Data() }
    }

    /// The files as a kill would leave them: what is in the log stays there.
    func copyAsKilled(to other: StoreFixture, without left: Set<String> = []) throws {
        for name in names where !left.contains(name) {
            try FileManager.default.copyItem(
                atPath: directory + "/" + name, toPath: other.directory + "/" + name)
        }
    }

    /// Opening is refused with that code, and not a byte of the directory is
    /// another one afterwards.
    func refuses(
        _ code: ErrorCode, schema: [Migration] = Migration.all, masterKey: MasterKey? = nil,
        _ place: SourceLocation = #_sourceLocation
    ) {
        let before = contents()
        do {
            try open(schema: schema, masterKey: masterKey).close()
            Issue.record("the database was opened", sourceLocation: place)
        } catch {
            #expect((error as? CodedError)?.code == code, "\(error)", sourceLocation: place)
        }
        let after = contents()
        #expect(after.keys.sorted() == before.keys.sorted(), sourceLocation: place)
        for (name, bytes) in before {
            #expect(after[name] == bytes, "\(name) was changed", sourceLocation: place)
        }
    }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: directory).sorted()) ?? [] }

    /// All bytes of all files, the log and copies included.
    func everything() throws -> Data {
        var all = Data()
        for case let name as String in FileManager.default.enumerator(atPath: directory) ?? .init() {
            all += (try? bytes(name)) ?? Data()
        }
        return all
    }
}

extension KeyRow {
    static func sample(
        _ id: Int64, name: String? = nil, secret: Secret, _ sealing: Sealing, enabled: Bool = true
    ) throws -> KeyRow {
        let fingerprint = Digest.of(secret)
        return KeyRow(
            id: KeyID(id), name: name ?? "key-\(id)", provider: "openrouter", account: nil, weight: 1,
            enabled: enabled, disabledReason: nil,
            sealed: try sealing.seal(secret, key: KeyID(id), fingerprint: fingerprint),
            fingerprint: fingerprint,
            masked: secret.masked, checked: true, tags: [:], metadata: [:], addedAt: StoreFixture.now,
            version: 1)
    }
}

extension Secret {
    /// A different one for each number; contains the word `canary`.
    static func canary(_ number: Int) -> Secret { Secret("sk-or-v1-canary-\(number)-0123456789abcdef".utf8) }
}
