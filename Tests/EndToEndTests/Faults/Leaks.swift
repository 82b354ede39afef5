import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What must be as it was once a request is over, however it went: streams,
/// leases, and the sockets of the daemon.
struct Leaks {
    private let daemon: DaemonFixture
    /// How many sockets the daemon has when nobody talks to it.
    private let resting: Int

    init(_ daemon: DaemonFixture) async throws {
        self.daemon = daemon
        daemon.mock.closeConnections()
        // Connections of the start may still be closing: nobody tells when the last is gone.
        var lowest = Int.max
        var calm = 0
        try await eventually("the daemon rests", every: .milliseconds(5)) {
            let count = try Self.sockets(of: daemon)
            calm = count < lowest ? 0 : calm + 1
            lowest = min(lowest, count)
            return calm >= 10
        }
        resting = lowest
    }

    /// Fails the test if something is left of the cell. At most one idle
    /// connection to the upstream may be; it is closed.
    func check(_ cell: String) async throws {
        let traffic = try await daemon.control("GET", "/v1/status").json?["item"]?["traffic"]
        #expect(traffic?["in_flight"]?.integer == 0, "requests, \(cell)")
        #expect(traffic?["streams"]?.integer == 0, "streams, \(cell)")
        for name in daemon.options.keys {
            #expect(try await daemon.key(name)["in_flight"]?.integer == 0, "leases of \(name), \(cell)")
        }
        #expect(try Self.sockets(of: daemon, at: daemon.mock.port) <= 1, "connections upstream, \(cell)")
        try await close(cell)
    }

    /// Closes what is idle, and waits until the daemon has nothing open.
    func close(_ cell: String) async throws {
        try await eventually("no socket is left of \(cell)", every: .milliseconds(2)) {
            // Again: a question about a suspect key may have come by a connection of its own meanwhile.
            daemon.mock.closeConnections()
            return try Self.sockets(of: daemon) == resting
        }
    }

    private static func sockets(of daemon: DaemonFixture) throws -> Int { try inodes(of: daemon).count }

    /// Those that are connected to that port of this machine.
    private static func sockets(of daemon: DaemonFixture, at port: Int) throws -> Int {
        let own = try inodes(of: daemon)
        let table = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
        let wanted = ":" + String(port, radix: 16, uppercase: true).leftPadded(4)
        return table.split(separator: "\n").dropFirst().count { line in
            let fields = line.split(separator: " ")
            return fields.count > 9 && fields[2].hasSuffix(wanted) && own.contains(String(fields[9]))
        }
    }

    private static func inodes(of daemon: DaemonFixture) throws -> Set<String> {
        let directory = "/proc/\(daemon.pid)/fd"
        let files = FileManager.default
        let links = try files.contentsOfDirectory(atPath: directory).compactMap { name in
            // One that is closed meanwhile is gone, which is what was wanted.
            try? files.destinationOfSymbolicLink(atPath: directory + "/" + name)
        }
        return Set(links.filter { $0.hasPrefix("socket:[") }.map { String($0.dropFirst(8).dropLast()) })
    }
}

extension String {
    fileprivate func leftPadded(_ width: Int) -> String {
        String(repeating: "0", count: max(0, width - count)) + self
    }
}
