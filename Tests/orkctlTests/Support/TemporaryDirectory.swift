import Foundation
import Glibc
import Testing

/// Short paths of our own: a Unix socket's may not be long.
enum TemporaryDirectory {
    static func make() throws -> String {
        var template = Array("/tmp/ork-XXXXXX".utf8CString)
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
