// Incidents: what goes wrong upstream for everybody at once, replayed against the built daemon.
// Here: the incidents, the callers who live through them, and what must hold afterwards; docs/incidents.md has the table.
// Not here: single failures of single keys (Faults). May import the test kit.

import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// A pool of ten keys in five accounts and two keys that are really revoked,
/// and the time through which its callers suffer.
struct Incident {
    /// Seconds from the beginning of the fault to its end; a minute with
    /// `ORK_INCIDENT_SECONDS=60`.
    static let seconds = ProcessInfo.processInfo.environment["ORK_INCIDENT_SECONDS"].flatMap { Int($0) } ?? 8
    /// What stands for the ten minutes of ruling 12: longer than the fault.
    static let confirmedAfter = seconds + 12

    static let accounts = ["one", "two", "three", "four", "five"]
    static let sound = accounts.flatMap { [$0 + "-a", $0 + "-b"] }
    static let revoked = ["revoked-a", "revoked-b"]

    let daemon: DaemonFixture

    static var options: DaemonOptions {
        var options = DaemonOptions(keys: [])
        options.set("pool", "strategy = \"round-robin\"")
        options.set("pool", "rejection_confirmed_after = \"\(confirmedAfter)s\"")
        return options
    }

    /// Fills the pool, and serves a first round of callers.
    static func begin(_ daemon: DaemonFixture) async throws -> Incident {
        for account in accounts {
            for name in [account + "-a", account + "-b"] { try await daemon.addKey(name, account: account) }
        }
        for name in revoked {
            try await daemon.addKey(name, account: name)
            daemon.mock.always(.key(daemon.secret(name)), .unauthorized)
        }
        let incident = Incident(daemon: daemon)
        let before = try await incident.callers("v/m", for: .seconds(1))
        #expect(before.served == before.count && before.count > 0, "\(before)")
        return incident
    }

    /// Four callers ask one after the other for that long. What they ask is no
    /// conversation: that would stay with its key, and most would not be used.
    func callers(_ model: String, for duration: Duration) async throws -> CallersReport {
        let end = ContinuousClock.now + duration
        return try await withThrowingTaskGroup(of: CallersReport.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var report = CallersReport()
                    while ContinuousClock.now < end {
                        let asked = ContinuousClock.now
                        report.note(try await daemon.caller.complete(model: model), after: .now - asked)
                        // A caller that is refused does not ask a thousand times a second.
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    return report
                }
            }
            return try await group.reduce(into: CallersReport()) { $0.add($1) }
        }
    }

    /// Two kinds of callers through the whole fault.
    func suffer(_ model: String, beside other: String) async throws -> (CallersReport, CallersReport) {
        async let one = callers(model, for: .seconds(Self.seconds))
        async let two = callers(other, for: .seconds(Self.seconds))
        return try await (one, two)
    }

    /// From now on all is well upstream.
    ///
    /// - Returns: how long it took until twenty requests in a row were served.
    func recover(_ model: String) async throws -> Duration {
        let ended = ContinuousClock.now
        var inARow = 0
        var first = ended
        try await eventually("all requests are served again", within: .seconds(30)) {
            let asked = ContinuousClock.now
            let isServed = try await daemon.caller.complete(model: model).status == 200
            if isServed, inARow == 0 { first = asked }
            inARow = isServed ? inARow + 1 : 0
            return inARow == 20
        }
        return first - ended
    }

    /// The two keys that are really revoked are given up, and no other.
    ///
    /// - Parameter states: of the other keys, where it is not `usable`.
    func judge(_ model: String, otherwise states: [String: String] = [:]) async throws {
        try await eventually("the revoked keys are found", within: .seconds(4 * Self.confirmedAfter)) {
            // Somebody must be served meanwhile, or nothing is proved.
            guard try await daemon.caller.complete(model: model).status == 200 else { return false }
            return try await state(of: Self.revoked).values.allSatisfy { $0 == "invalid" }
        }
        var wanted: [String: String] = [:]
        for name in Self.sound { wanted[name] = states[name] ?? "usable" }
        try await eventually("every other key is what it was") { try await state(of: Self.sound) == wanted }
    }

    private func state(of keys: [String]) async throws -> [String: String] {
        var states: [String: String] = [:]
        for key in keys { states[key] = try await daemon.key(key)["state"]?.text ?? "none" }
        return states
    }
}
