// System tests: real files, sockets and descriptors in a directory of their own.
// Here: one suite per type of orkd/System. Not here: anything that needs the daemon.
// May import Testing, Glibc, ORKit, orkd.

import Glibc
import ORKit

@testable import orkd

/// A short-named directory that goes with its user. Socket paths are short.
final class TemporaryDirectory {
    let path: String

    init() {
        var template = Array("/tmp/ork-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    func write(_ name: String, _ text: String, mode: mode_t = 0o600) {
        let descriptor = open(self(name), O_WRONLY | O_CREAT | O_TRUNC, mode)
        _ = Glibc.write(descriptor, text, text.utf8.count)
        fchmod(descriptor, mode)
        close(descriptor)
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        for name in ConfigFiles.disk.list(path) where name != "." && name != ".." {
            var status = stat()
            let inner = path + "/" + name
            if lstat(inner, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                remove(inner)
            } else {
                unlink(inner)
            }
        }
        rmdir(path)
    }
}

/// The code of what a body throws; nil when it throws nothing.
func code(_ body: () throws(CodedError) -> Void) -> ErrorCode? {
    do {
        try body()
        return nil
    } catch {
        return error.code
    }
}
