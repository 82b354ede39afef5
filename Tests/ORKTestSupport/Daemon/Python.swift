import Foundation
public import MockUpstream

/// Runs the scripts of `Tests/sdk` in the virtual environment that `make test`
/// creates.
public struct Python: Sendable {
    public struct Missing: Error, CustomStringConvertible {
        let path: String
        public var description: String { "\(path) is not there; make test creates it (or set ORK_PYTHON)" }
    }

    public struct NoVerdict: Error, CustomStringConvertible {
        public let description: String
    }

    private let program: Program

    public init(environment: [String: String]) throws {
        let given = ProcessInfo.processInfo.environment["ORK_PYTHON"]
        let path = given ?? BuiltPrograms.packageRoot + "/.venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
        program = Program(path, environment: environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 })
    }

    /// - Parameter key: handed over on standard input.
    /// - Returns: what the script printed.
    public func run(_ script: String, _ arguments: String..., key: String) async throws -> JSON {
        try await run(script, arguments, key: key)
    }

    /// - Parameter key: handed over on standard input; empty for none.
    public func run(_ script: String, _ arguments: [String], key: String = "") async throws -> JSON {
        let ran = try await program.run(
            [BuiltPrograms.packageRoot + "/Tests/sdk/" + script] + arguments, stdin: Data((key + "\n").utf8))
        guard let json = ran.json else {
            throw NoVerdict(description: "\(script): \(ran.stdout) \(ran.stderr)")
        }
        return json
    }
}
