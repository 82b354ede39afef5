import Foundation
import ORKTestSupport
import Testing

/// A database that cannot be used is named and left as it is, byte for byte.
@Suite("Databases that cannot be used") struct BadDatabaseTests {
    private struct Damage: CustomTestStringConvertible {
        var testDescription: String
        var code: String
        var words: String
        var change: @Sendable (inout Data) -> Void
    }

    private static let damages = [
        Damage(testDescription: "cut in the middle", code: "database-corrupt", words: "damaged") {
            $0.removeLast($0.count / 2)
        },
        Damage(testDescription: "pages overwritten", code: "database-corrupt", words: "malformed") { data in
            for place in 108..<data.count { data[place] = 0xA5 }
        },
        Damage(
            testDescription: "a page in the middle overwritten", code: "database-corrupt", words: "malformed"
        ) { data in
            for place in 4096..<data.count { data[place] = 0xA5 }
        },
        Damage(testDescription: "of a newer release", code: "database-newer", words: "has schema 99") {
            $0.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        },
        Damage(testDescription: "of another program", code: "database-foreign", words: "another program") {
            $0.replaceSubrange(68..<72, with: [1, 2, 3, 4])
        },
        Damage(
            testDescription: "no database at all", code: "database-foreign", words: "not an SQLite database"
        ) {
            $0 = Data(repeating: 0x23, count: 5000)
        },
    ]

    @Test("it is named, and the file stays as it was", arguments: damages.indices)
    func damaged(_ index: Int) async throws {
        let damage = Self.damages[index]
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for _ in 0..<3 { try await daemon.caller.chat() }
            #expect(try await daemon.terminate() == 0)
            let path = try #require(
                try FileManager.default.contentsOfDirectory(atPath: daemon.stateDirectory).first {
                    $0.hasSuffix(".db") || $0.hasSuffix(".sqlite")
                }.map { daemon.stateDirectory + "/" + $0 })
            var data = try Data(contentsOf: URL(fileURLWithPath: path))
            let good = data
            damage.change(&data)
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: data)
            try handle.close()
            let ran = try await daemon.startExpectingExit()
            #expect(ran.status == 78, "\(ran.stderr)")
            #expect(ran.stderr.contains("[\(damage.code)]"), "\(ran.stderr)")
            #expect(ran.stderr.contains(damage.words), "\(ran.stderr)")
            #expect(ran.stderr.contains(path))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == data)
            #expect(!FileManager.default.fileExists(atPath: daemon.socket))
            // Put back in place, it works.
            try good.write(to: URL(fileURLWithPath: path + ".good"))
            chmod(path + ".good", 0o600)
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: path + ".good", toPath: path)
            try await daemon.start()
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("a database without its master key, or with another one: 78, and the keys are not lost")
    func masterKey() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.terminate() == 0)
            let path = daemon.stateDirectory + "/master.key"
            let good = try Data(contentsOf: URL(fileURLWithPath: path))
            try FileManager.default.removeItem(atPath: path)
            let missing = try await daemon.startExpectingExit()
            #expect(
                missing.status == 78 && missing.stderr.contains("[master-key-missing]"), "\(missing.stderr)")
            #expect(!FileManager.default.fileExists(atPath: path))
            func put(_ data: Data) throws {
                try data.write(to: URL(fileURLWithPath: path))
                chmod(path, 0o400)
            }
            var other = good
            other[0] ^= 1
            try put(other)
            let wrong = try await daemon.startExpectingExit()
            #expect(wrong.status == 78 && wrong.stderr.contains("[master-key-wrong]"), "\(wrong.stderr)")
            chmod(path, 0o600)
            try put(good)
            try await daemon.start()
            #expect(try await daemon.caller.chat().status == 200)
        }
    }
}
