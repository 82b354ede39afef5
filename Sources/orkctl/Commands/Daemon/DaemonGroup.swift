// Commands/Daemon: the daemon itself.
// Here: drain, resume, version, cleanup. Not here: starting and stopping, which is the supervisor's.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser
internal import ORKClient
internal import ORKit

/// `orkctl daemon`.
struct DaemonGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daemon",
        abstract: "The daemon itself.",
        subcommands: [DaemonDrain.self, DaemonResume.self, DaemonVersion.self])
}

struct DaemonDrain: Verb {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Take no new requests; running ones finish.",
        discussion: "Callers get 503 with the code draining. The way back: orkctl daemon resume.")

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws { try Draining.run(.daemonDrain, session) }
}

struct DaemonResume: Verb {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Take requests again after a drain.")

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws { try Draining.run(.daemonResume, session) }
}

/// Drain and resume differ in the route alone.
private enum Draining {
    static func run(_ route: Route, _ session: Session) throws {
        let answer: ItemEnvelope<DrainReport> = try session.client().send(route, query: session.changeQuery)
        let report = answer.item
        guard try !session.printed(answer, name: report.draining ? "draining" : "serving") else { return }
        if session.globals.quiet { return }
        let running =
            report.inFlight == 0 ? "nothing runs" : "\(Human.count(report.inFlight)) in flight finish"
        try session.out.write(report.draining ? "draining; \(running)\n" : "taking requests\n")
        if session.globals.dryRun { try session.out.write("nothing was changed\n") }
    }
}
