import Foundation

/// Other people's readers in Python and behind it: `Tests/differential`.
public struct References: Sendable {
    public struct Failed: Error, CustomStringConvertible {
        public let description: String
    }

    /// `h11`, `httptools`, `nginx`, `haproxy`.
    public var names: [String]

    public init(_ names: [String]) { self.names = names }

    /// What each reader read in each stream.
    ///
    /// - Parameter methods: of the requests that are answered, one for each
    ///   stream; nil for streams of requests.
    /// - Throws: when a reader is not there or does not do its work: there is
    ///   no comparison without the other side.
    public func read(_ streams: [[UInt8]], answering methods: [String]? = nil) async throws -> [String:
        [Reading]]
    {
        guard !streams.isEmpty else { return Dictionary(uniqueKeysWithValues: names.map { ($0, []) }) }
        let python =
            ProcessInfo.processInfo.environment["ORK_PYTHON"] ?? BuiltPrograms.packageRoot
            + "/.venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw Failed(
                description: "\(python) is not there; scripts/setup test creates it (or set ORK_PYTHON)")
        }
        let scratch = try ScratchDirectory(prefix: "ork-diff")
        defer { scratch.remove() }
        let input = try scratch.file("streams", Self.encode(streams, methods))
        let output = try scratch.file("readings")
        var program = Program(
            python, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONDONTWRITEBYTECODE": "1"],
            directory: scratch.path)
        program.patience = .seconds(300)
        let ran = try await program.run(
            [BuiltPrograms.packageRoot + "/Tests/differential/readers.py", input.path, output.path] + names)
        guard ran.status == 0 else {
            throw Failed(description: "the readers ended with \(ran.status): \(ran.stderr)")
        }
        var decoder = Decoder(bytes: [UInt8](try Data(contentsOf: output)))
        var readings: [String: [Reading]] = [:]
        for _ in streams {
            for name in names { readings[name, default: []].append(try decoder.reading()) }
        }
        guard decoder.isAtEnd else { throw Failed(description: "the readers wrote more than was asked") }
        return readings
    }

    /// The form is described in `frames.py`.
    private static func encode(_ streams: [[UInt8]], _ methods: [String]?) -> Data {
        var data = Data()
        for (place, stream) in streams.enumerated() {
            let method = Array((methods?[place] ?? "").utf8)
            data.append(UInt8(method.count))
            data.append(contentsOf: method)
            withUnsafeBytes(of: UInt32(stream.count).bigEndian) { data.append(contentsOf: $0) }
            data.append(contentsOf: stream)
        }
        return data
    }

    private struct Decoder {
        let bytes: [UInt8]
        var at = 0

        var isAtEnd: Bool { at == bytes.count }

        mutating func reading() throws -> Reading {
            guard let end = Reading.End(rawValue: UInt8(try number(1))) else {
                throw Failed(description: "the readers wrote an unknown state")
            }
            return Reading(messages: try (0..<number(2)).map { _ in try message() }, end: end)
        }

        private mutating func message() throws -> ReadMessage {
            let isComplete = try number(1) == 1
            let lines = try (0..<number(2)).map { _ in try text() }
            guard let start = lines.first else {
                throw Failed(description: "the readers wrote no first line")
            }
            return ReadMessage(
                start: start, fields: Array(lines.dropFirst()), body: try text(), isComplete: isComplete)
        }

        private mutating func text() throws -> [UInt8] {
            let count = try number(4)
            return Array(try take(count))
        }

        private mutating func number(_ size: Int) throws -> Int {
            try take(size).reduce(0) { $0 << 8 | Int($1) }
        }

        private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
            guard count <= bytes.count - at else { throw Failed(description: "the readers wrote too little") }
            defer { at += count }
            return bytes[at..<at + count]
        }
    }
}
