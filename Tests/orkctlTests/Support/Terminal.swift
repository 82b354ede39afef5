import Foundation
import Glibc
import Testing

/// orkctl on a terminal of its own: stdin and stderr, and stdout if wanted.
final class Terminal {
    private let master: Int32
    private let child: pid_t
    private let directory: String
    private(set) var shown = ""

    init(_ arguments: [String], daemon: FakeDaemon?, showsOutput: Bool = false) throws {
        directory = try TemporaryDirectory.make()
        var (master, slave): (Int32, Int32) = (-1, -1)
        try #require(openpty(&master, &slave, nil, nil, nil) == 0)
        self.master = master
        // No child may keep an end open, or nobody would see its end.
        for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let environment = daemon.map { ["ORKD_SOCKET": $0.socket] } ?? [:]
        let output: Stream = showsOutput ? .descriptor(slave) : .file(directory + "/out", O_WRONLY | O_CREAT)
        child = try spawn(
            [Program.path] + arguments, environment: environment,
            streams: [.descriptor(slave), output, .descriptor(slave)])
        close(slave)
    }

    deinit {
        close(master)
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Reads until the text is shown.
    func expect(_ text: String) throws {
        while !shown.contains(text) { try #require(readMore(), "never shown: \(text); shown: \(shown)") }
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    func end() throws -> Ran {
        while readMore() {}
        let code = try wait(for: child)
        let out = (try? String(contentsOfFile: directory + "/out", encoding: .utf8)) ?? ""
        return Ran(out: out, err: shown, code: code)
    }

    private func readMore() -> Bool {
        var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 20_000) == 1 else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(master, &buffer, buffer.count)
        guard count > 0 else { return false }
        shown += String(decoding: buffer[..<count], as: UTF8.self)
        return true
    }
}
