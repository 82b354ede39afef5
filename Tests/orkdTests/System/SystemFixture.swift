// System tests: real files, sockets and descriptors in a directory of their own.
// Here: one suite per type of orkd/System. Not here: anything that needs the daemon.
// May import Testing, Glibc, ORKit, ORKTestSupport, orkd.

import Glibc
import ORKTestSupport
import ORKit

@testable import orkd

/// A short-named directory that goes with its user. Socket paths are short.
final class TemporaryDirectory {
    private let scratch: ScratchDirectory?
    let path: String

    init() {
        scratch = try? ScratchDirectory()
        path = scratch?.path ?? "/nonexistent"
    }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    func write(_ name: String, _ text: String, mode: mode_t = 0o600) {
        let descriptor = open(self(name), O_WRONLY | O_CREAT | O_TRUNC, mode)
        _ = Glibc.write(descriptor, text, text.utf8.count)
        fchmod(descriptor, mode)
        close(descriptor)
    }

    deinit { scratch?.remove() }
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
