import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// The built daemon while somebody sets the clock: libfaketime answers for the
/// wall clock, and leaves the monotonic one alone.
@Suite("A clock that is set") struct ClockJumpTests {
    /// What the daemon takes for the time: an offset in a file, read anew at
    /// every look.
    private struct Wall {
        let file: String

        /// The library's place differs between architectures.
        static func library() throws -> String {
            let places = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib")
            return try #require(
                places.map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }.first {
                    FileManager.default.fileExists(atPath: $0)
                }, "libfaketime is missing: scripts/setup test installs it")
        }

        /// In one step: no look may find half of it.
        func set(_ offset: Duration) throws {
            let text = "\(offset >= .zero ? "+" : "")\(offset.components.seconds)\n"
            try text.write(toFile: file + ".new", atomically: false, encoding: .utf8)
            try #require(rename(file + ".new", file) == 0)
        }
    }

    /// There and back again, over ends of hours, days and months.
    private static let jumps: [Duration] = [
        .seconds(1), .seconds(-1), .seconds(3600), .seconds(-3600), .seconds(86_400), .seconds(-86_400),
        .seconds(40 * 86_400), .seconds(-3650 * 86_400), .zero,
    ]

    private func withClock(_ body: (DaemonFixture, Wall) async throws -> Void) async throws {
        let scratch = try ScratchDirectory(prefix: "ork-clock")
        defer { scratch.remove() }
        let wall = Wall(file: scratch.path + "/offset")
        try wall.set(.zero)
        var options = DaemonOptions()
        // The second `env`, because in the first program that it is loaded into the library hides the arguments from
        // Swift's runtime.
        options.startedBy = [
            "/usr/bin/env", "LD_PRELOAD=\(try Wall.library())", "FAKETIME_TIMESTAMP_FILE=\(wall.file)",
            "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "/usr/bin/env",
        ]
        try await withDaemon(options) { try await body($0, wall) }
    }

    private func run(_ line: String, _ daemon: DaemonFixture) async throws {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == 0, "\(line): \(ran.stderr)")
    }

    @Test("the daemon believes it, and grants no window of a limit and no period of a budget twice")
    func nothingTwice() async throws {
        try await withClock { daemon, wall in
            daemon.mock.always(.everything, .ok(cost: .micro(6000)))
            var bounded: [(name: String, key: String, status: Int)] = []
            for (name, limit) in [("minute", "--rpm 1"), ("hour", "--rph 1"), ("day", "--rpd 1")] {
                bounded.append((name, try await daemon.addClient(name), 429))
                try await run("limits set \(name) \(limit)", daemon)
            }
            for period in ["day", "month"] {
                let name = "budget-\(period)"
                bounded.append((name, try await daemon.addClient(name), 402))
                try await run("budgets set client:\(name)/\(period) --limit 0.005", daemon)
            }
            for (name, key, _) in bounded {
                #expect(try await daemon.caller(key: key).complete(model: "v/m").status == 200, "\(name)")
            }
            func expectRefusals(_ moment: String) async throws {
                for (name, key, status) in bounded {
                    let reply = try await daemon.caller(key: key).complete(model: "v/m")
                    #expect(reply.status == status, "\(name), \(moment): \(reply.text)")
                }
            }
            for jump in Self.jumps {
                try wall.set(jump)
                try await expectRefusals("set by \(jump)")
            }
            try wall.set(.seconds(-3650 * 86_400))
            try await daemon.kill9()
            try await daemon.start()
            try await expectRefusals("after a start in the past")
            #expect(daemon.keysUsed.count == bounded.count)
        }
    }

    @Test("a stream that runs meanwhile ends well, and what it cost is written once")
    func streamGoesOn() async throws {
        try await withClock { daemon, wall in
            let gate = Gate()
            daemon.mock.script(.everything, .stream(chunks: 9) { $0.gates = [3: gate] })
            let reply = Task { try await daemon.caller.chat(stream: true) }
            try await gate.reached()
            for jump in Self.jumps { try wall.set(jump) }
            try wall.set(.seconds(40 * 86_400))
            gate.open()
            #expect(try await reply.value.complete)
            let usage = try await daemon.orkctl("usage", "--by", "client", "-o", "json").items
            #expect(usage.compactMap { $0["requests"]?.integer } == [1], "\(usage)")
        }
    }
}
