import Foundation
import ORKit
import Testing

@testable import orkd

@Suite("the master key")
struct MasterKeyTests {
    private let fixture: StoreFixture
    private let bits: [UInt8] = (0..<32).map { $0 &* 7 &+ 251 }

    init() throws { fixture = try StoreFixture() }

    private var file: String { fixture.directory + "/master.key" }

    private func code(_ body: () throws -> MasterKey) -> ErrorCode? {
        do {
            _ = try body()
            return nil
        } catch { return (error as? CodedError)?.code }
    }

    @Test("the first start makes one, mode 0400, and the next start reads it")
    func madeOnce() throws {
        let made = try MasterKey.find(credential: nil, file: file, variable: nil, mayCreate: true)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o400)
        let read = try MasterKey.find(credential: nil, file: file, variable: nil, mayCreate: false)
        #expect(read.checkValue == made.checkValue)
    }

    @Test("a directory that is missing is made with it, for nobody else")
    func directoryMade() throws {
        let nested = fixture.directory + "/etc/master.key"
        let made = try MasterKey.find(credential: nil, file: nested, variable: nil, mayCreate: true)
        let mode = try FileManager.default.attributesOfItem(atPath: fixture.directory + "/etc")[
            .posixPermissions]
        #expect(mode as? Int == 0o700)
        let read = try MasterKey.find(credential: nil, file: nested, variable: nil, mayCreate: false)
        #expect(read.checkValue == made.checkValue)
    }

    @Test("where none can be made, the hint is a command that makes one")
    func cannotBeMade() {
        let nowhere = "/proc/ork/master.key"
        do {
            _ = try MasterKey.find(credential: nil, file: nowhere, variable: nil, mayCreate: true)
            Issue.record("it was made")
        } catch {
            let coded = error as? CodedError
            #expect(coded?.code == .masterKeyMissing)
            #expect(coded?.message.contains("the directory of a new master key at \(nowhere)") == true)
            #expect(coded?.hints.first?.hasSuffix("/dev/stdin \(nowhere)") == true)
        }
    }

    @Test("with sealed keys none is made")
    func neverReplaced() {
        #expect(
            code { try MasterKey.find(credential: nil, file: file, variable: nil, mayCreate: false) }
                == .masterKeyMissing)
        #expect(fixture.names.isEmpty)
    }

    @Test("the credential goes before the file, the file before the variable")
    func order() throws {
        let texts = (0..<3).map { _ in MasterKey.random() }
        try fixture.write(texts[0].text.withBytes { Array($0) }, "credential")
        try fixture.write(texts[1].text.withBytes { Array($0) }, "master.key")
        func find(_ credential: String?, _ file: String?) throws -> String {
            try MasterKey.find(credential: credential, file: file, variable: texts[2].text, mayCreate: true)
                .checkValue
        }
        #expect(try find(fixture.directory + "/credential", file) == texts[0].checkValue)
        #expect(try find(fixture.directory + "/nothing", file) == texts[1].checkValue)
        #expect(try find(nil, fixture.directory + "/nothing") == texts[2].checkValue)
    }

    @Test("a file that others may read, or a link, is refused")
    func unsafe() throws {
        try fixture.write(MasterKey.random().text.withBytes { Array($0) }, "master.key")
        try fixture.setMode(0o440, "master.key")
        #expect(
            code { try MasterKey.find(credential: nil, file: file, variable: nil, mayCreate: true) }
                == .fileUnsafe)
        try fixture.setMode(0o400, "master.key")
        try FileManager.default.createSymbolicLink(
            atPath: fixture.directory + "/link", withDestinationPath: file)
        let link = fixture.directory + "/link"
        #expect(
            code { try MasterKey.find(credential: nil, file: link, variable: nil, mayCreate: true) }
                == .fileUnsafe)
    }

    @Test("a file with something else in it is named, not replaced")
    func nonsense() throws {
        try fixture.write(Array("not a key\n".utf8), "master.key")
        #expect(
            code { try MasterKey.find(credential: nil, file: file, variable: nil, mayCreate: true) }
                == .masterKeyWrong)
        #expect(try fixture.bytes("master.key") == Data("not a key\n".utf8))
    }

    private var hexadecimal: String {
        bits.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test(
        "64 hexadecimal digits, base64, base64url and 32 bytes are the same key, white space at the end or not"
    )
    func forms() throws {
        let base64 = Data(bits).base64EncodedString()
        // The text has what tells the two alphabets apart.
        #expect(base64.contains("+") || base64.contains("/"))
        let url = base64.replacing("+", with: "-").replacing("/", with: "_")
        let expected = try #require(MasterKey(Secret(bits))).checkValue
        for text in [
            hexadecimal, hexadecimal.uppercased(), base64, url, String(base64.dropLast()),
            String(url.dropLast()),
        ] {
            for end in ["", "\n", "\r\n", "  \n"] {
                #expect(MasterKey(Secret((text + end).utf8))?.checkValue == expected)
            }
        }
    }

    @Test("what it writes to a file reads back as the same key")
    func written() {
        for _ in 0..<50 {
            let key = MasterKey.random()
            #expect(MasterKey(key.text)?.checkValue == key.checkValue)
        }
    }

    @Test("neither 31 nor 33 bytes, nor anything else, is a key in any form")
    func noForm() {
        let long = bits + [7]
        for wrong in [bits.dropLast(), long[...]] {
            #expect(MasterKey(Secret(wrong)) == nil)
            #expect(MasterKey(Secret(Data(wrong).base64EncodedString().utf8)) == nil)
        }
        let base64 = Data(bits).base64EncodedString()
        for text in [
            "", "\n", String(hexadecimal.dropLast()), hexadecimal + "0", "g" + hexadecimal.dropFirst(),
            " " + hexadecimal, "*" + base64.dropFirst(), base64 + "=",
        ] {
            #expect(MasterKey(Secret(text.utf8)) == nil)
        }
    }
}
