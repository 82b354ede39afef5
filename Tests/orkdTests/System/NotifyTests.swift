import Glibc
import Testing

@testable import orkd

@Suite("Notification of the service manager")
struct NotifyTests {
    let directory = TemporaryDirectory()

    private func receiver(_ text: String) throws -> Int32 {
        let address = try #require(UnixAddress(notifySocket: text))
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        try #require(address.with { bind(descriptor, $0, $1) } == 0)
        return descriptor
    }

    private func receive(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 1000)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    @Test("messages reach a path and an abstract name; a newline cannot begin another assignment")
    func reaches() throws {
        for text in [directory("n"), "@ork-test-\(getpid())-\(directory.path)"] {
            let descriptor = try receiver(text)
            defer { close(descriptor) }
            let notify = Notify(environment: ["NOTIFY_SOCKET": text])
            notify.ready(status: "serving\nWATCHDOG=1")
            #expect(receive(descriptor) == "READY=1\nSTATUS=serving WATCHDOG=1\nMAINPID=\(getpid())")
            notify.extendTimeout(milliseconds: 2500)
            #expect(receive(descriptor) == "EXTEND_TIMEOUT_USEC=2500000")
            notify.stopping(status: "draining")
            #expect(receive(descriptor) == "STOPPING=1\nSTATUS=draining")
            notify.watchdog()
            #expect(receive(descriptor) == "WATCHDOG=1")
        }
    }

    @Test("without a socket, or with a dead one, nothing happens")
    func silent() {
        Notify(environment: [:]).ready(status: "x")
        Notify(environment: ["NOTIFY_SOCKET": "relative"]).watchdog()
        Notify(environment: ["NOTIFY_SOCKET": directory("none")]).status("x")
    }

    @Test("the watchdog asks for half its time, and only when it is ours")
    func watchdog() {
        let base = ["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "30000000"]
        #expect(Notify(environment: base).watchdogInterval == 15_000)
        #expect(
            Notify(environment: base.merging(["WATCHDOG_PID": "7"]) { $1 }, pid: 7).watchdogInterval == 15_000
        )
        #expect(
            Notify(environment: base.merging(["WATCHDOG_PID": "7"]) { $1 }, pid: 8).watchdogInterval == nil)
        #expect(Notify(environment: ["WATCHDOG_USEC": "30000000"]).watchdogInterval == nil)
    }
}

@Suite("Sockets from systemd")
struct ListenFDsTests {
    let directory = TemporaryDirectory()

    @Test("listening descriptors are taken by name; others and those of another process are not")
    func takes() throws {
        let socket = try ControlSocketFile(
            binding: directory("s"), group: nil, under: LockFile(directory("lock")))
        defer { close(socket.descriptor) }
        let environment = ["LISTEN_PID": "42", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "control"]
        let taken = ListenFDs(environment: environment, pid: 42, first: socket.descriptor)
        #expect(taken["control"] == [socket.descriptor])
        #expect(taken["proxy"] == [])
        #expect(ListenFDs(environment: environment, pid: 43, first: socket.descriptor).descriptors.isEmpty)
        let notASocket = open("/dev/null", O_RDONLY)
        defer { close(notASocket) }
        #expect(ListenFDs(environment: environment, pid: 42, first: notASocket).descriptors.isEmpty)
        let absurd = ["LISTEN_PID": "42", "LISTEN_FDS": "999999999"]
        #expect(ListenFDs(environment: absurd, pid: 42, first: 3).descriptors.isEmpty)
    }
}
