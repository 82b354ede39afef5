import Foundation
import Glibc
import Testing

/// Directories of our own, gone when the tests are. Their paths are short,
/// because a Unix socket's may not be long.
enum TemporaryDirectory {
    private static let root: String = {
        var template = Array("/tmp/ork-XXXXXX".utf8CString)
        let path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
        atexit {
            if TemporaryDirectory.root != "/tmp" {
                try? FileManager.default.removeItem(atPath: TemporaryDirectory.root)
            }
        }
        return path
    }()

    static func make() throws -> String {
        var template = Array((root + "/XXXXXX").utf8CString)
        let path = try #require(mkdtemp(&template))
        return String(cString: path)
    }

    /// A file in a directory of its own.
    static func file(_ text: String, named name: String = "f") throws -> String {
        let path = try make() + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}
