public import Foundation

/// Which capability is proved where, read from the source of the tests.
public struct ProofIndex: Sendable {
    public struct Place: Sendable, Hashable {
        public var file: String
        public var line: Int
    }

    public private(set) var places: [String: [Place]] = [:]

    /// Reads every Swift file below a directory.
    public init(directory: URL) throws {
        guard
            let files = FileManager.default.enumerator(
                at: directory, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
        else { throw CocoaError(.fileReadNoSuchFile) }
        for case let file as URL in files where file.pathExtension == "swift" {
            let name = String(file.path.dropFirst(directory.path.count).drop { $0 == "/" })
            read(try String(contentsOf: file, encoding: .utf8), file: name)
        }
    }

    public init(source: String, file: String) { read(source, file: file) }

    public var ids: Set<String> { Set(places.keys) }

    private mutating func read(_ source: String, file: String) {
        // A call may go over several lines; no id holds a parenthesis.
        var line = 1
        var rest = Substring(source)
        while let call = rest.range(of: ".proves(") {
            line += rest[..<call.lowerBound].count { $0.isNewline }
            let arguments = rest[call.upperBound...].prefix { $0 != ")" }
            let pieces = arguments.split(separator: "\"", omittingEmptySubsequences: false)
            for (index, piece) in pieces.enumerated() where index % 2 == 1 {
                places[String(piece), default: []].append(Place(file: file, line: line))
            }
            line += rest[call].count { $0.isNewline }
            rest = rest[call.upperBound...]
        }
    }
}
