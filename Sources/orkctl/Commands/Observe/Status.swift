// Commands/Observe: is it there, is it well.
// Here: status and health. Not here: what makes a condition (the daemon says it).
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct Status: Verb {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what runs, whether it serves, and what is wrong.",
        discussion: """
            orkctl status
            orkctl -q status && echo serving

            Exits 0 when serving, 2 when degraded or not serving, 69 without a daemon.
            """)

    @OptionGroup var repetition: WatchOption
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { repetition }

    func run(in session: Session) throws {
        let answer: ItemEnvelope<StatusReport> = try session.client().get(.status)
        let report = answer.item
        if !(globals.quiet && session.format.isTable), try !session.printed(answer, name: report.serving) {
            if session.format.isTable {
                try session.out.write(StatusScreen(report, session).text)
            } else {
                try Listing.status.print([report], session)
            }
        }
        let isWell = report.serving == "serving" && !report.conditions.contains { $0.severity == "error" }
        if !isWell { throw Ended(code: ExitStatus.negative) }
    }
}

extension Listing<StatusReport> {
    static let status = Listing(
        noun: "status", schema: "ork.status/1",
        columns: [
            Column("version") { $0.version },
            Column("serving") { $0.serving },
            Column("uptime", number: true) { Human.decimal($0.uptimeSeconds) },
            Column("keys", number: true) { String($0.keys.total) },
            Column("usable", number: true) { String($0.keys.byState["usable"] ?? 0) },
            Column("clients", number: true) { String($0.clients.total) },
            Column("requests", number: true) { String($0.traffic.requests) },
            Column("failed", number: true) { String($0.traffic.failed) },
            Column("in-flight", number: true) { String($0.traffic.inFlight) },
            Column("conditions") { $0.conditions.map(\.code.rawValue).joined(separator: " ") },
        ],
        name: { $0.serving })
}
