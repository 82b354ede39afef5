import Foundation
import NIOCore
import ORKit
import Testing

@testable import orkd

@Suite("bulk import")
struct KeyImportTests {
    private let fixture: KeysFixture

    init() throws { fixture = try KeysFixture() }

    /// Sends the bytes in pieces of that size.
    @discardableResult
    private func load(
        _ bytes: [UInt8], _ options: ImportOptions = ImportOptions(), _ order: Order = .real,
        piece: Int = 65_536
    ) async throws -> ImportReport {
        let session = try await fixture.keys.beginImport(options, order)
        var streamed: [ImportRejection] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            streamed += try await session.take(
                ByteBuffer(bytes: bytes[start..<min(start + piece, bytes.count)]))
        }
        let (last, report) = try await session.finish()
        streamed += last
        #expect(streamed.count == report.counts.rejected)
        #expect(Set(report.rejections).isSubset(of: Set(streamed)))
        #expect(report.rejections.allSatisfy { !$0.message.contains("canary") })
        let counts = report.counts
        #expect(
            counts.lines == counts.added + counts.duplicates + counts.reactivated + counts.restored
                + counts.rejected)
        return report
    }

    private func load(
        _ text: String, _ options: ImportOptions = ImportOptions(), _ order: Order = .real,
        piece: Int = 65_536
    ) async throws -> ImportReport {
        try await load(Array(text.utf8), options, order, piece: piece)
    }

    private func key(_ number: Int) -> String { KeysFixture.secret(number) }

    @Test(
        "blank lines, comments, CRLF, a byte order mark and a last line without end, however the bytes are cut [KP-06]",
        arguments: [1, 2, 7, 65_536])
    func mixed(_ piece: Int) async throws {
        defer { fixture.store.close() }
        let text = "\u{FEFF}\(key(1))\r\n\r\n# a comment\n   \n  \(key(2))\t\r\nshort\n\(key(1))\n\(key(3))"
        let report = try await load(text, piece: piece)
        #expect(report.counts.added == 3)
        #expect(report.counts.bytes == Int64(text.utf8.count))
        #expect(report.rejections.map(\.line) == [6, 7])
        #expect(report.rejections.map(\.code) == [.badFormat, .duplicate])
        #expect(report.rejections.last?.message == "duplicate of line 1")
        #expect(report.fingerprints.count == 3)
        #expect(try await fixture.names().count == 3)
        #expect(fixture.box.decide { engine, _ in engine.count } == 3)
    }

    @Test("the same file again adds nothing [KP-11]")
    func again() async throws {
        defer { fixture.store.close() }
        let text = (1...2500).map { key($0) + "\n" }.joined()
        #expect(try await load(text).counts.added == 2500)
        let report = try await load(text)
        #expect(report.counts.added == 0)
        #expect(report.counts.duplicates == 2500)
        #expect(report.counts.rejected == 0)
        #expect(fixture.box.decide { engine, _ in engine.count } == 2500)
    }

    @Test("a dry run counts the same and keeps nothing [KP-09]")
    func dryRun() async throws {
        defer { fixture.store.close() }
        try await fixture.add("here", 1)
        let text = "\(key(1))\n\(key(2))\n\(key(2))\nbad\n\(key(3))\n"
        let trial = try await load(text, ImportOptions(), .trial)
        #expect(trial.dryRun)
        #expect(try await fixture.names() == ["here"])
        let real = try await load(text)
        #expect(real.counts == trial.counts)
        #expect(real.counts.added == 2)
        #expect(real.counts.duplicates == 1)
        #expect(real.counts.rejected == 2)
    }

    @Test("a line of 200 MB is one rejection, and memory does not grow with it")
    func hugeLine() async throws {
        defer { fixture.store.close() }
        let session = try await fixture.keys.beginImport(ImportOptions(), .real)
        _ = try await session.take(ByteBuffer(string: key(1) + "\n"))
        let piece = ByteBuffer(repeating: UInt8(ascii: "a"), count: 1 << 20)
        for _ in 0..<200 { #expect(try await session.take(piece).isEmpty) }
        let rejections = try await session.take(ByteBuffer(string: "\n" + key(2)))
        #expect(rejections.map(\.line) == [2])
        let report = try await session.finish().report
        #expect(report.counts.added == 2)
        #expect(report.counts.rejected == 1)
    }

    @Test("more than a thousand rejections are all streamed and the first thousand reported")
    func manyRejections() async throws {
        defer { fixture.store.close() }
        let report = try await load(String(repeating: "bad\n", count: 3000))
        #expect(report.counts.rejected == 3000)
        #expect(report.rejections.count == 1000)
    }

    @Test("only what is out comes back, and only when asked [K-09]")
    func reactivate() async throws {
        defer { fixture.store.close() }
        let text = "\(key(1))\n\(key(2))\n"
        _ = try await load(text)
        let first = try #require(try await fixture.names().first)
        _ = try await fixture.keys.disable(Selection(first), .real)
        #expect(try await load(text).counts.duplicates == 2)
        var options = ImportOptions()
        options.reactivate = true
        let report = try await load(text, options)
        #expect(report.counts.reactivated == 1)
        #expect(report.counts.duplicates == 1)
        #expect(try await fixture.view(first)?.state == .usable)
    }

    @Test("CSV with a header brings names, accounts and tags; bad rows are named by line")
    func csv() async throws {
        defer { fixture.store.close() }
        let report = try await load(
            """
            name,secret,account,weight,tags
            a,\(key(1)),core,5,team=x;env=y
            "b","\(key(2))",,,
            c,\(key(3)),core,none,
            d,\(key(4)),core,1,notatag
            a,\(key(5)),,,
            e,,,,
            "f,\(key(6))
            g,\(key(7)),,,,,,
            """)
        #expect(report.counts.added == 2)
        #expect(report.rejections.map(\.line).sorted() == [4, 5, 6, 7, 8, 9])
        let view = try #require(try await fixture.view("a"))
        #expect(view.account == "core")
        #expect(view.weight == 5)
        #expect(view.tags == ["team": "x", "env": "y"])
    }

    @Test("CSV without a header is name and secret")
    func plainCSV() async throws {
        defer { fixture.store.close() }
        #expect(try await load("a,\(key(1))\nb,\(key(2))\n").counts.added == 2)
        #expect(try await fixture.names() == ["a", "b"])
    }

    @Test("a header with an unknown column ends the import before anything is added")
    func unknownColumn() async throws {
        defer { fixture.store.close() }
        #expect(
            await fixture.code { _ = try await load("name,secret,colour\na,\(key(1)),red\n") } == .badFormat)
        #expect(try await fixture.names().isEmpty)
    }

    @Test("JSON lines bring every field; an unknown one is named by line")
    func jsonLines() async throws {
        defer { fixture.store.close() }
        let report = try await load(
            """
            {"name":"a","secret":"\(key(1))","account":"core","weight":3,"tags":{"t":"v"},"metadata":{"m":"1"}}
            {"key":"\(key(2))"}
            {"secret":"\(key(3))","colour":"red"}
            {"secret":7}
            {"name":"b"}
            ["\(key(4))"]
            {"secret":"\(key(5))
            """)
        #expect(report.counts.added == 2)
        #expect(report.rejections.map(\.line) == [3, 4, 5, 6, 7])
        #expect(report.rejections.first?.code == .unknownField)
        #expect(try await fixture.view("a")?.metadata == ["m": "1"])
    }

    @Test(
        "what stands before the first key does not decide how the keys are read",
        arguments: [
            [UInt8]([0x7F, 0x45, 0x4C, 0x46, 0x02, 0x2C, 0x00]), Array("{\u{0}\u{1}".utf8), Array("a,b".utf8),
            Array("{\"secret\":7}".utf8), [0xFF, 0xFE, 0x73, 0x00, 0x2C], Array("\"".utf8),
        ])
    func binaryHead(_ head: [UInt8]) async throws {
        defer { fixture.store.close() }
        let plain = try await load(head + Array("\n\(key(1))\n".utf8))
        #expect(plain.counts.added == 1)
        #expect(plain.rejections.map(\.line) == [1])
        let table = try await load(head + Array("\nname,secret\na,\(key(2))\n".utf8))
        #expect(table.counts.added == 1)
        #expect(try await fixture.names().contains("a"))
    }

    @Test("a row or an object among lines of keys is not taken for a key")
    func mixedFormats() async throws {
        defer { fixture.store.close() }
        let report = try await load("\(key(1))\na,\(key(2))\n{\"secret\":\"\(key(3))\"}\n")
        #expect(report.counts.added == 1)
        #expect(report.rejections.map(\.code) == [.badFormat, .badFormat])
    }

    @Test("options apply to every key and are checked before the first byte")
    func options() async throws {
        defer { fixture.store.close() }
        var options = ImportOptions()
        options.account = "core"
        options.tags = ["batch": "7"]
        options.prefix = "spring-"
        #expect(try await load(key(1) + "\n", options).counts.added == 1)
        let view = try #require(try await fixture.keys.list(KeyQuery()).items.first)
        #expect(view.account == "core")
        #expect(view.tags == ["batch": "7"])
        #expect(view.name.hasPrefix("spring-"))
        options.prefix = "with space"
        #expect(await fixture.code { _ = try await fixture.keys.beginImport(options, .real) } == .badValue)
    }

    @Test("with a check, what upstream does not know is left out")
    func checked() async throws {
        defer { fixture.store.close() }
        var options = ImportOptions()
        options.check = true
        fixture.upstream.answer(2, .rejected(status: 401, message: "No auth"))
        fixture.upstream.answer(3, .unreachable(reason: "down"))
        let report = try await load((1...4).map { key($0) + "\n" }.joined(), options)
        #expect(report.counts.added == 2)
        #expect(report.rejections.map(\.code) == [.keyRejected, .keyUnchecked])
        #expect(try await load(key(5)).counts.added == 1)
        #expect(fixture.upstream.asked == 4)
    }

    @Test("a generated name that is taken becomes another one")
    func takenName() async throws {
        defer { fixture.store.close() }
        let next = fixture.store.reserveKeyIDs(1).lowerBound
        // The add takes one id, the import's beginning another, then comes its first key.
        try await fixture.add("imported-\(next + 3)", 1)
        #expect(try await load(key(2)).counts.added == 1)
        #expect(try await fixture.names().contains { $0.hasPrefix("imported-\(next + 3)-") })
    }

    @Test("what was committed before the caller left stays, whole")
    func abandoned() async throws {
        defer { fixture.store.close() }
        let session = try await fixture.keys.beginImport(ImportOptions(), .real)
        _ = try await session.take(ByteBuffer(string: (1...1500).map { key($0) + "\n" }.joined()))
        await session.abandon()
        let names = try await fixture.keys.list(KeyQuery(page: PageQuery(limit: 1))).total
        #expect(names == 1000)
        #expect(fixture.box.decide { engine, _ in engine.count } == 1000)
        #expect(try await load((1...1500).map { key($0) + "\n" }.joined()).counts.added == 500)
    }

    @Test("every slice leaves an audit row that says which keys it brought [EN-05]")
    func audit() async throws {
        defer { fixture.store.close() }
        _ = try await load((1...10).map { key($0) + "\n" }.joined())
        #expect(try await fixture.audit() == ["keys.import 10 keys"])
    }
}
