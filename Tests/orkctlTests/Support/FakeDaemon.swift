// orkctlTests: the built orkctl against a scripted daemon, and the pure parts of orkctl directly.
// Here: the fake, the runner, tests of commands, formats, questions, completions. Not here: orkd itself.
// May import Testing, Foundation, Glibc, ORKit, ORKClient, ArgumentParser and orkctl.

import Foundation
import Glibc
import ORKit
import Testing

/// A control server on a Unix socket that says what it was told to say, in
/// that order. It fails closed: what was not expected is answered 500 and
/// noted.
final class FakeDaemon: @unchecked Sendable {
    struct Call: Sendable {
        /// `GET /v1/keys?limit=1000`
        let line: String
        let headers: [String: String]
        let body: String
    }

    struct Reply: Sendable {
        /// Method and path, without the query.
        var expect: String
        var status = 200
        var body: String
        var headers: [String: String] = [:]
        /// Lines sent one by one before the request's body is read.
        var early: [String] = []
        /// Keep the connection open for ever in place of an end.
        var isStalled = false
        /// Close without an answer.
        var isSilent = false
    }

    let socket: String
    private let directory: String
    private let listener: Int32
    /// Signalled with every call.
    private let lock = NSCondition()
    private var script: [Reply]
    private var made: [Call] = []
    private var unscripted: [String] = []

    init(_ script: [Reply] = []) throws {
        self.script = script
        directory = try TemporaryDirectory.make()
        socket = directory + "/s"
        listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(listener >= 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(socket.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(listener, 16) == 0)
        let descriptor = listener
        let answer: @Sendable (Int32) -> Void = { [weak self] connection in
            self?.serve(connection)
            close(connection)
        }
        Thread.detachNewThread {
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                Thread.detachNewThread { answer(connection) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        try? FileManager.default.removeItem(atPath: directory)
    }

    var calls: [Call] { lock.withLock { made } }

    /// Waits for the first call.
    ///
    /// - Returns: false when there was none in half a minute.
    func isCalled() -> Bool {
        let deadline = Date(timeIntervalSinceNow: 30)
        return lock.withLock {
            while made.isEmpty { guard lock.wait(until: deadline) else { return false } }
            return true
        }
    }

    /// What went wrong with the script: empty when all was asked, and nothing
    /// else.
    var complaints: [String] {
        lock.withLock { unscripted + script.map { "never asked: \($0.expect)" } }
    }

    private func serve(_ connection: Int32) {
        let reader = SocketReader(connection)
        while let head = reader.head() {
            let (line, headers) = head
            let target = line.split(separator: " ")
            let path = target.count > 1 ? target[1].prefix { $0 != "?" } : ""
            let asked = "\(target.first ?? "") \(path)"
            let reply: Reply? = lock.withLock {
                guard script.first?.expect == asked else {
                    unscripted.append("unscripted: \(line)")
                    return nil
                }
                return script.removeFirst()
            }
            if let reply, !reply.early.isEmpty {
                send(connection, Self.head(200, ["Transfer-Encoding": "chunked"]))
                for early in reply.early { send(connection, Self.chunk(early + "\n")) }
            }
            if let reply, reply.isStalled {
                note(line, headers, "")
                while reader.more() {}
                return
            }
            let body = reader.body(headers)
            note(line, headers, body)
            guard let reply else {
                send(
                    connection,
                    Self.whole(500, [:], #"{"error":{"code":"internal-error","message":"unscripted"}}"#))
                return
            }
            if reply.isSilent { return }
            if reply.early.isEmpty {
                send(connection, Self.whole(reply.status, reply.headers, reply.body))
            } else {
                send(connection, Self.chunk(reply.body) + "0\r\n\r\n")
            }
        }
    }

    private func note(_ line: String, _ headers: [String: String], _ body: String) {
        let words = line.split(separator: " ").prefix(2).joined(separator: " ")
        lock.withLock {
            made.append(Call(line: words, headers: headers, body: body))
            lock.broadcast()
        }
    }

    private func send(_ connection: Int32, _ text: String) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            done += count
        }
    }

    private static func whole(_ status: Int, _ headers: [String: String], _ body: String) -> String {
        var all = headers
        all["Content-Length"] = String(body.utf8.count)
        return head(status, all) + body
    }

    private static func head(_ status: Int, _ headers: [String: String]) -> String {
        var all = ["Orkd-API": "1", "Orkd-Release": API.release, "Content-Type": "application/json"]
        all.merge(headers) { $1 }
        let lines = all.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return "HTTP/1.1 \(status) X\r\n\(lines)\r\n"
    }

    private static func chunk(_ text: String) -> String {
        text.isEmpty ? "" : "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
    }
}

/// Just enough of HTTP/1.1 to read requests.
private final class SocketReader {
    private let connection: Int32
    private var pending: [UInt8] = []

    init(_ connection: Int32) { self.connection = connection }

    func more() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        pending += buffer[..<count]
        return true
    }

    func head() -> (String, [String: String])? {
        guard let text = until("\r\n\r\n") else { return nil }
        var lines = text.split(separator: "\r\n").map(String.init)
        guard !lines.isEmpty else { return nil }
        let first = lines.removeFirst()
        var headers: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return (first, headers)
    }

    func body(_ headers: [String: String]) -> String {
        if headers["transfer-encoding"] == "chunked" {
            var body: [UInt8] = []
            while let line = until("\r\n"), let size = Int(line, radix: 16) {
                body += take(size)
                _ = take(2)
                if size == 0 { break }
            }
            return String(decoding: body, as: UTF8.self)
        }
        return String(decoding: take(Int(headers["content-length"] ?? "0") ?? 0), as: UTF8.self)
    }

    private func take(_ count: Int) -> [UInt8] {
        while pending.count < count, more() {}
        let taken = Array(pending.prefix(count))
        pending.removeFirst(taken.count)
        return taken
    }

    private func until(_ end: String) -> String? {
        let mark = Array(end.utf8)
        while true {
            if let range = pending.firstRange(of: mark) {
                let text = String(decoding: pending[..<range.lowerBound], as: UTF8.self)
                pending.removeSubrange(..<range.upperBound)
                return text
            }
            guard more() else { return nil }
        }
    }
}
