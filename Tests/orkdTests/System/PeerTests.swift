import Glibc
import ORKit
import Testing

@testable import orkd

@Suite("Peers of the control socket")
struct PeerTests {
    @Test("the kernel names the process at the other end; what is no Unix socket has none")
    func credentials() throws {
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { for end in pair { close(end) } }
        let peer = try #require(PeerCredentials(ofSocket: pair[0]))
        #expect(peer == PeerCredentials(uid: geteuid(), gid: getegid(), pid: getpid()))
        let file = open("/dev/null", O_RDONLY)
        defer { close(file) }
        #expect(PeerCredentials(ofSocket: file) == nil)
    }

    @Test("root, our own user and the admin group are admins, the viewer group views, others get nothing")
    func roles() {
        let rule = RoleRule(ownUID: 500, adminGID: 10, viewerGID: 20)
        #expect(rule.role(uid: 0, groups: []) == .admin)
        #expect(rule.role(uid: 500, groups: []) == .admin)
        #expect(rule.role(uid: 7, groups: [1, 10]) == .admin)
        #expect(rule.role(uid: 7, groups: [20]) == .viewer)
        #expect(rule.role(uid: 7, groups: [10, 20]) == .admin)
        #expect(rule.role(uid: 7, groups: [1]) == .none)
        #expect(RoleRule(ownUID: 500, adminGID: nil, viewerGID: nil).role(uid: 7, groups: [0]) == .none)
    }

    @Test("groups are looked up by name and by user; unknown ones give nothing")
    func lookups() {
        #expect(SystemGroups.id(of: "root") == 0)
        #expect(SystemGroups.id(of: "") == nil)
        #expect(SystemGroups.id(of: "no-such-group-here") == nil)
        #expect(SystemGroups.groups(of: 0, primary: 0).contains(0))
        #expect(SystemGroups.groups(of: 4_000_000_001, primary: 77) == [77])
    }
}

@Suite("The process")
struct ProcessTests {
    @Test("the crash reporter is off only when the last word says so")
    func backtraces() {
        #expect(ProcessHardening.needsRestart(nil))
        #expect(ProcessHardening.needsRestart(""))
        #expect(ProcessHardening.needsRestart("enable=yes"))
        #expect(ProcessHardening.needsRestart("enable=no,enable=yes"))
        #expect(!ProcessHardening.needsRestart("enable=no"))
        #expect(!ProcessHardening.needsRestart("color=no,enable=no"))
    }

    @Test("the descriptor limit is raised and bounds the callers")
    func descriptors() {
        let limit = FileDescriptors.raiseLimit()
        #expect(limit > 0 && FileDescriptors.raiseLimit() == limit)
        #expect(FileDescriptors.connectionBound(limit: 20_000) == 9872)
        #expect(FileDescriptors.connectionBound(limit: 10) == 16)
    }

    @Test("the first signal drains, the second ends at once, SIGHUP reloads")
    func signals() {
        let interpreter = Signals.Interpreter()
        #expect(interpreter.request(for: SIGHUP) == .reload)
        #expect(interpreter.request(for: SIGTERM) == .drain(signal: SIGTERM))
        #expect(interpreter.request(for: SIGHUP) == .reload)
        #expect(interpreter.request(for: SIGINT) == .exitNow(signal: SIGINT))
    }

    @Test("a real SIGHUP arrives as a request")
    func realSignal() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Signals.Request.self)
        let signals = Signals { continuation.yield($0) }
        kill(getpid(), SIGHUP)
        var iterator = stream.makeAsyncIterator()
        #expect(await iterator.next() == .reload)
        _ = signals
    }

    @Test("both clocks run forwards and the wall clock is in this century")
    func clock() {
        let first = SystemClock.now()
        let second = SystemClock.now()
        #expect(second.monotonic >= first.monotonic)
        #expect(first.wall.milliseconds > 1_700_000_000_000)
    }
}
