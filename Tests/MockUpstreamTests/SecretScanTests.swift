import Foundation
import ORKTestSupport
import Testing

@Suite("The search for secrets") struct SecretScanTests {
    @Test("a planted secret is found in every form, and a clean file has none")
    func planted() async throws {
        let canary = Canary.upstreamKey("planted")
        let secret = canary.plain
        let bytes = Array(secret.utf8)
        let planted: [String: Data] = [
            "raw": Data("key=\(secret)\n".utf8),
            "base64": Data(Data("Authorization: Bearer \(secret)".utf8).base64EncodedString().utf8),
            "base64-1": Data(Data("x\(secret)".utf8).base64EncodedString().utf8),
            "base64-2": Data(Data("xy\(secret)yz".utf8).base64EncodedString().utf8),
            "hex": Data(bytes.map { String(format: "%02x", $0) }.joined().utf8),
            "HEX": Data(bytes.map { String(format: "%02X", $0) }.joined().utf8),
            "url": Data(bytes.map { String(format: "%%%02X", $0) }.joined().utf8),
            "json": Data(bytes.map { String(format: "\\u%04x", $0) }.joined().utf8),
            "utf16": secret.data(using: .utf16LittleEndian) ?? Data(),
            "utf16be": secret.data(using: .utf16BigEndian) ?? Data(),
            "cut": Data(("…" + secret.dropFirst(9).prefix(30)).utf8),
            "tail": Data(secret.suffix(30).utf8),
            "groups": Data("sk-or-v1 \(secret.dropFirst(8).chunks(of: 8).joined(separator: " "))".utf8),
        ]
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        for (name, data) in planted { try scratch.file(name, data) }
        try scratch.file("packed", Data(String(repeating: "x", count: 40).utf8) + Data(secret.utf8))
        let packed = try await Program("/bin/gzip", environment: [:], directory: scratch.path).run(["packed"])
        #expect(packed.status == 0)
        try scratch.file(
            "clean", Data("sk-or-v1-…\(secret.suffix(4)) \(Canary.upstreamKey("other").plain)".utf8))
        var scan = SecretScan([canary])
        scan.search(directory: scratch.path)
        #expect(Set(scan.hits.map(\.place)) == Set(planted.keys).union(["packed.gz, unpacked"]))
        #expect(scan.bytes > 0)
    }

    @Test("the places given are left out")
    func except() throws {
        let canary = Canary.upstreamKey("x")
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/inputs", withIntermediateDirectories: false)
        try scratch.file("inputs/keys.txt", Data(canary.plain.utf8))
        var scan = SecretScan([canary])
        scan.search(directory: scratch.path, except: ["inputs"])
        #expect(scan.hits.isEmpty)
    }
}

@Suite("The index of proofs") struct ProofIndexTests {
    @Test("ids are found with file and line, also over several lines")
    func ids() {
        let call = ".pro" + "ves("
        let source =
            "@Test(\"a\", \(call)\"PX-01\"))\nfunc a() {}\n@Test(\"b\", \(call)\n  \"PX-02\",\n  \"RT-01\"))\n"
        let index = ProofIndex(source: source, file: "A.swift")
        #expect(index.ids == ["PX-01", "PX-02", "RT-01"])
        #expect(index.places["RT-01"]?.map(\.line) == [3])
    }

    @Test("a seed gives the same numbers for the same purpose")
    func seeds() {
        var a = Seed(value: 7).generator("x")
        var b = Seed(value: 7).generator("x")
        var c = Seed(value: 7).generator("y")
        let first = a.next()
        #expect(first == b.next())
        #expect(first != c.next())
    }
}

extension StringProtocol {
    fileprivate func chunks(of size: Int) -> [SubSequence] {
        var rest = self[...]
        var chunks: [SubSequence] = []
        while !rest.isEmpty {
            chunks.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return chunks
    }
}
