import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// Reliability T5, in a first form: every fault with one key and with three,
/// for JSON and for streams. What must come of each is in `docs/faults.md`.
@Suite("Faults of the upstream", .timeLimit(.minutes(20))) struct UpstreamFaultTests {
    /// One daemon serves all cells of a pool and a form.
    struct Group: Sendable, CustomTestStringConvertible {
        var keys: [String]
        var form: Form
        var testDescription: String { "\(keys.count) keys, \(form)" }

        static let all = [["a"], ["a", "b", "c"]].flatMap { keys in
            Form.allCases.map { Group(keys: keys, form: $0) }
        }

        func expected(_ fault: UpstreamFault) -> Outcome? {
            (keys.count == 1 ? fault.one : fault.three)?[form]
        }
    }

    private static let deadlines = UpstreamCell.Deadlines()

    private static func options(_ group: Group) -> DaemonOptions {
        var options = DaemonOptions(keys: group.keys)
        options.accounts = { $0 }
        options.set("upstream", "connect = \"300ms\"")
        options.set("upstream", "head = \"1s\"")
        options.set("proxy", "stream_idle = \"500ms\"")
        options.set("proxy", "commit_hold = \"200ms\"")
        options.set("pool", "attempts = \(group.keys.count == 1 ? 2 : 3)")
        return options
    }

    @Test("every cell is as written, and nothing is left of it", arguments: Group.all)
    func matrix(_ group: Group) async throws {
        try await withDaemon(Self.options(group)) { (daemon: DaemonFixture) async throws in
            // A suspect key is asked about. Nothing of that may clear it while its cell is looked at, nor
            // doubt it again when the answer comes after the reset of the next cell.
            daemon.mock.always(.path("/key"), .status(500))
            let leaks = try await Leaks(daemon)
            for fault in UpstreamFault.all where !fault.needsOtherOrigin {
                guard let expected = group.expected(fault) else { continue }
                let cell = UpstreamCell(
                    fault: fault, form: group.form, expected: expected, daemon: daemon,
                    deadlines: Self.deadlines)
                try await cell.run()
                try await leaks.check("\(fault.name), \(group.testDescription)")
            }
        }
    }

    @Test(
        "an upstream that cannot be connected to is given up in time",
        arguments: UpstreamFault.all.filter(\.needsOtherOrigin), Group.all)
    func otherOrigin(_ fault: UpstreamFault, _ group: Group) async throws {
        guard let expected = group.expected(fault) else { return }
        let port = try FullPort()
        var options = Self.options(group)
        let host = fault.scene == .silentPort ? "127.0.0.1:\(port.port)" : "no-such-host.invalid"
        options.set("upstream", "base_url = \"http://\(host)/api/v1\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let leaks = try await Leaks(daemon)
            let cell = UpstreamCell(
                fault: fault, form: group.form, expected: expected, daemon: daemon, deadlines: Self.deadlines)
            try await cell.run()
            try await leaks.check(fault.name)
        }
    }
}

extension UpstreamFault: CustomTestStringConvertible {
    var testDescription: String { name }

    var needsOtherOrigin: Bool { scene == .silentPort || scene == .unknownName }
}
