internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct Health: Verb {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Print healthy, degraded or down, and exit 0, 1 or 2.")

    @OptionGroup var repetition: WatchOption
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { repetition }

    func run(in session: Session) throws {
        let answer = try report(session)
        let status = answer.item.status
        if !(globals.quiet && session.format.isTable), try !session.printed(answer, name: status) {
            try session.out.write(Escaped.line(status) + "\n")
        }
        switch status {
        case "healthy": break
        case "degraded": throw Ended(code: 1)
        default: throw Ended(code: 2)
        }
    }

    /// No daemon is an answer here: down.
    private func report(_ session: Session) throws -> ItemEnvelope<HealthReport> {
        do {
            return try session.client().get(.health)
        } catch let error as CodedError where error.code == .daemonAbsent || error.code == .timedOut {
            if !session.format.isJSON, !globals.quiet {
                session.diagnostics.fail(error, exit: 2)
            }
            let condition = ConditionView(
                code: error.code, severity: "error", text: error.message, hint: error.hints.first,
                since: session.human.now.rfc3339)
            return ItemEnvelope(
                schema: "ork.health/1", item: HealthReport(status: "down", conditions: [condition]))
        }
    }
}
