import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// Reliability T6, in a first form: callers that leave, dawdle, hurry or err.
/// What must come of each is in `docs/faults.md`.
@Suite("Faults of callers", .timeLimit(.minutes(20))) struct CallerFaultTests {
    private static func options(urgent: Bool) -> DaemonOptions {
        var options = DaemonOptions()
        options.set("pool", "attempts = 2")
        options.set("proxy", "body_limit = \"8MiB\"")
        options.set("proxy", "replay_limit = \"64KiB\"")
        if urgent {
            options.set("proxy", "request_head = \"500ms\"")
            options.set("proxy", "body_idle = \"500ms\"")
            options.set("proxy", "write_idle = \"500ms\"")
        }
        return options
    }

    @Test("every cell is as written, and nothing is left of it; the upstream is told within 100 ms")
    func matrix() async throws {
        try await withDaemon(Self.options(urgent: false), alone: true) {
            (daemon: DaemonFixture) async throws in
            try await run(CallerFault.all.filter { !$0.isUrgent }, daemon)
        }
    }

    @Test("callers that dawdle are ended at the deadline")
    func deadlines() async throws {
        try await withDaemon(Self.options(urgent: true)) { (daemon: DaemonFixture) async throws in
            try await run(CallerFault.all.filter(\.isUrgent), daemon)
        }
    }

    private func run(_ faults: [CallerFault], _ daemon: DaemonFixture) async throws {
        let leaks = try await Leaks(daemon)
        for fault in faults {
            for (way, turn) in fault.ways.flatMap({ way in fault.turns.map { (way, $0) } }) {
                let cell = "\(fault.name), \(way.rawValue), \(turn)"
                do {
                    try await run(fault, way, turn, daemon)
                    try await leaks.check(cell)
                } catch {
                    Issue.record("\(cell): \(error)")
                    throw error
                }
            }
        }
    }

    private func run(
        _ fault: CallerFault, _ way: CallerFault.Way, _ turn: Int, _ daemon: DaemonFixture
    ) async throws {
        let name = "\(fault.name), \(way.rawValue), \(turn)"
        let before = try await newest(daemon)
        let failures = try await daemon.key("a")["counters"]?["failures"]?.integer
        let scene = try await CallerScene(daemon, model: name, way: way, turn: turn)
        let replies = try await fault.play(scene)
        #expect(CallerFault.words(replies) == fault.hears, "\(name)")
        // A caller that half-closes counts as gone (ruling 40): so are we.
        if way == .half { _ = try await scene.wire.ended() }
        await scene.wire.close()

        let sent = daemon.mock.events.dropFirst(scene.mark).count { $0.kind == .head }
        switch fault.upstream {
        case .nothing: #expect(sent == 0, "\(name)")
        case .cancelled: #expect(sent == 1, "\(name)")
        case .served: #expect(sent >= 1, "\(name)")
        }
        let key = try await daemon.key("a")
        #expect(key["state"]?.text == "usable", "\(name)")
        #expect(key["counters"]?["failures"]?.integer == failures.map { $0 + fault.failures }, "\(name)")
        try await checkRecord(fault, name, before, daemon)
    }

    private func checkRecord(
        _ fault: CallerFault, _ name: String, _ before: String?, _ daemon: DaemonFixture
    ) async throws {
        guard let end = fault.end else {
            #expect(try await newest(daemon) == before, "\(name)")
            return
        }
        // A caller's leaving is noticed a moment after it: nobody else is told when.
        try await eventually("there is a record of “\(name)”", every: .milliseconds(2)) {
            try await newest(daemon) != before
        }
        let record = try await records(daemon).first
        #expect(record?["end"]?.text == end.name, "\(name)")
        #expect(record?["usage"]?["quality"]?.text == fault.usage.name, "\(name)")
    }

    private func newest(_ daemon: DaemonFixture) async throws -> String? {
        try await records(daemon).first?["id"]?.text
    }

    private func records(_ daemon: DaemonFixture) async throws -> [JSON] {
        try await daemon.control("GET", Route.requestsList.path + "?limit=1").json?["items"]?.elements ?? []
    }

    @Test("the moment of the usage event: one record, exact or unknown, whoever was faster")
    func usageMoment() async throws {
        try await withDaemon(Self.options(urgent: false)) { (daemon: DaemonFixture) async throws in
            let leaks = try await Leaks(daemon)
            for turn in 0..<20 {
                let before = try await newest(daemon)
                let gate = Gate()
                let scene = try await CallerScene(daemon, model: "moment-\(turn)", way: .fin, turn: turn)
                scene.script(.numbered(events: 3, gates: [4: gate]))
                try await scene.stream(through: 4)
                // Both sides at once.
                async let left = scene.leave()
                gate.open()
                _ = try await left
                try await eventually("there is a record", every: .milliseconds(2)) {
                    try await newest(daemon) != before
                }
                let quality = try await records(daemon).first?["usage"]?["quality"]?.text
                #expect(["exact", "unknown"].contains(quality))
                #expect(daemon.mock.requests.count { $0.model == scene.model } == 1)
                try await leaks.check("moment \(turn)")
            }
        }
    }
}
