import Glibc
import ORKit
import Testing

@testable import orkd

@Suite("Control socket file", .serialized)
struct ControlSocketFileTests {
    let directory = TemporaryDirectory()

    private func bindSocket(_ path: String) throws(CodedError) -> ControlSocketFile {
        try ControlSocketFile(binding: path, group: nil, under: freeLock(directory("lock")))
    }

    @Test("the socket is there with mode 0600, or 0660 with a group, and gone after remove")
    func binds() throws {
        let path = directory("s")
        let first = try bindSocket(path)
        #expect(directory.mode(of: "s") == 0o600)
        close(first.descriptor)
        first.remove()
        #expect(directory.mode(of: "s") == nil)
        let second = try ControlSocketFile(
            binding: path, group: getegid(), under: freeLock(directory("lock")))
        #expect(directory.mode(of: "s") == 0o660)
        close(second.descriptor)
    }

    @Test("a stale socket is replaced, one that somebody listens on is not")
    func stale() throws {
        let path = directory("s")
        let old = try bindSocket(path)
        #expect(code { () throws(CodedError) in _ = try bindSocket(path) } == .alreadyRunning)
        close(old.descriptor)
        let new = try afterForks { () throws(CodedError) in try bindSocket(path) }
        close(new.descriptor)
    }

    @Test("a file, a link or a directory in the socket's place is left alone")
    func foreign() {
        directory.write("file", "x")
        symlink(directory("nothing"), directory("link"))
        mkdir(directory("dir"), 0o700)
        for name in ["file", "link", "dir"] {
            #expect(code { () throws(CodedError) in _ = try bindSocket(directory(name)) } == .fileUnsafe)
            #expect(access(directory(name), F_OK) == 0 || name == "link")
        }
    }

    @Test("a path of 107 bytes fits and one of 108 is refused with both numbers")
    func length() throws {
        let base = directory("")
        let fits = base + String(repeating: "x", count: 107 - base.utf8.count)
        let socket = try bindSocket(fits)
        close(socket.descriptor)
        do {
            _ = try bindSocket(fits + "x")
            Issue.record("bound")
        } catch {
            #expect(error.code == .socketPathTooLong)
            #expect(error.message.contains("108") && error.message.contains("107"))
        }
    }

    @Test("the directory must be ours, real and closed to others; it is made when missing")
    func directories() throws {
        mkdir(directory("open"), 0o700)
        chmod(directory("open"), 0o777)
        symlink(directory.path, directory("link"))
        directory.write("file", "")
        for name in ["open", "link", "file"] {
            #expect(
                code { () throws(CodedError) in try OwnDirectory.check(directory(name)) } == .directoryUnsafe,
                "\(name)")
        }
        try OwnDirectory.check(directory("a/b"))
        #expect(directory.mode(of: "a/b") == 0o700)
        if getuid() == 0 {
            mkdir(directory("theirs"), 0o700)
            chown(directory("theirs"), 12345, 12345)
            #expect(
                code { () throws(CodedError) in try OwnDirectory.check(directory("theirs")) }
                    == .directoryUnsafe)
        }
    }
}

@Suite("Lock file")
struct LockFileTests {
    let directory = TemporaryDirectory()

    @Test("the second holder is refused and told who the first is; the lock goes with its owner")
    func exclusive() throws {
        do {
            let held = try LockFile(directory("lock"))
            do {
                _ = try LockFile(held.path)
                Issue.record("locked twice")
            } catch {
                #expect(error.code == .alreadyRunning)
                #expect(error.message.contains("pid \(getpid())"))
            }
        }
        _ = try freeLock(directory("lock"))
    }

    @Test("a link in the lock's place is refused")
    func link() {
        symlink(directory("elsewhere"), directory("lock"))
        #expect(code { () throws(CodedError) in _ = try LockFile(directory("lock")) } == .fileUnsafe)
        #expect(access(directory("elsewhere"), F_OK) != 0)
    }
}

/// What other tests start has copies of our descriptors between its fork and
/// its exec: a lock or a listener that we let go is held for that moment.
private func afterForks<Value>(_ body: () throws(CodedError) -> Value) throws(CodedError) -> Value {
    for _ in 0..<200 {
        do {
            return try body()
        } catch {
            guard error.code == .alreadyRunning else { throw error }
            usleep(10_000)
        }
    }
    return try body()
}

private func freeLock(_ path: String) throws(CodedError) -> LockFile {
    try afterForks { () throws(CodedError) in try LockFile(path) }
}
