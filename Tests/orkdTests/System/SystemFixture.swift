// System tests: real files, sockets and descriptors in a directory of their own.
// Here: one suite per type of orkd/System. Not here: anything that needs the daemon.
// May import Testing, Foundation, Glibc, ORKit, ORKTestSupport, orkd.

import Foundation
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

    // Not by stat(2): with a module that imports NIO in the same build step, Swift takes the members of its
    // structure for those of a module that no test may import.

    /// Permissions of what is there, of a link its own; nil where there is nothing.
    func mode(of name: String) -> Int? { facts(of: name)?[.posixPermissions] as? Int }

    /// Device and inode, as systemd writes them.
    func identity(of name: String) -> String? {
        guard let facts = facts(of: name), let device = facts[.systemNumber] as? Int,
            let inode = facts[.systemFileNumber] as? Int
        else { return nil }
        return "\(device):\(inode)"
    }

    private func facts(of name: String) -> [FileAttributeKey: Any]? {
        try? FileManager.default.attributesOfItem(atPath: self(name))
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
