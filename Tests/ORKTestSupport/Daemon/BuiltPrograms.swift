import Foundation

/// Where the programs under test are: in `ORK_BIN_DIR`, else beside the test
/// executable (ruling 44).
public enum BuiltPrograms {
    public struct Missing: Error, CustomStringConvertible {
        public let name: String
        public let directory: String
        public var description: String {
            "\(name) is not in \(directory): build it first, or say where with ORK_BIN_DIR"
        }
    }

    public static var directory: String {
        if let given = ProcessInfo.processInfo.environment["ORK_BIN_DIR"], !given.isEmpty { return given }
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().path
    }

    public static func path(_ name: String) throws -> String {
        let path = directory + "/" + name
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(name: name, directory: directory)
        }
        return path
    }

    /// The directory of the package: where `Package.swift` is.
    public static let packageRoot: String = {
        var place = URL(fileURLWithPath: #filePath)
        while place.path != "/" {
            place.deleteLastPathComponent()
            if FileManager.default.fileExists(atPath: place.appendingPathComponent("Package.swift").path) {
                break
            }
        }
        return place.path
    }()
}
