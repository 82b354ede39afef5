import Foundation

/// Messages in the shape in which real clients and servers send them:
/// `Tests/differential/heads`.
public struct HeadCorpus: Sendable {
    public struct Sample: Sendable, CustomStringConvertible {
        public var name: String
        public var bytes: [UInt8]
        /// The payload, without framing.
        public var body: [UInt8]

        public var description: String { name }
    }

    public struct Malformed: Error { let name: String }

    public var samples: [Sample]

    public static func requests() throws -> HeadCorpus { try HeadCorpus(file: "requests.txt") }
    public static func responses() throws -> HeadCorpus { try HeadCorpus(file: "responses.txt") }

    private init(file: String) throws {
        let place = BuiltPrograms.packageRoot + "/Tests/differential/heads/" + file
        let text = try String(contentsOfFile: place, encoding: .utf8)
        let parts = ("\n" + text).components(separatedBy: "\n= ").dropFirst()
        samples = try parts.map(Self.sample)
    }

    private static func sample(_ text: String) throws -> Sample {
        var lines = text.components(separatedBy: "\n")
        let name = lines.removeFirst()
        guard let empty = lines.firstIndex(of: "") else { throw Malformed(name: name) }
        let head = lines[..<empty]
        let rest = lines[(empty + 1)...].drop { $0.isEmpty }.filter { !$0.isEmpty }
        var bytes = Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        if head.contains(where: { $0.lowercased() == "transfer-encoding: chunked" }) {
            for line in rest {
                bytes += Array((String(line.utf8.count, radix: 16) + "\r\n" + line + "\r\n").utf8)
            }
            bytes += Array("0\r\n\r\n".utf8)
            return Sample(name: name, bytes: bytes, body: Array(rest.joined().utf8))
        }
        let body = Array(rest.joined(separator: "\n").utf8)
        return Sample(name: name, bytes: bytes + body, body: body)
    }
}
