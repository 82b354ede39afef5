internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct LimitsSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Bound what clients do; the rest stays as it is.",
        discussion: """
            orkctl limits set web --rpm 60 --tpd 1M
            orkctl limits set web --rpm none --concurrency 10
            orkctl limits set web --no-shadow
            orkctl limits set user:alice --rpm 60 --tpd 1M

            Those of a user hold for all its clients together, beside their own. A minute and an hour \
            slide: what was used leaves as it grows old. A day is the calendar's, in UTC. Requests count \
            when they begin; tokens are reserved then, and corrected when it is known how many it took. \
            With --shadow nothing is refused: show says how often it would have been.
            """)

    @OptionGroup var clients: ClientSelection

    @Option(help: ArgumentHelp("Requests in a minute, such as 60 or 2k; or none.", valueName: "n"))
    var rpm: Quantity?

    @Option(help: ArgumentHelp("Requests in an hour, or none.", valueName: "n"))
    var rph: Quantity?

    @Option(help: ArgumentHelp("Requests in a day, or none.", valueName: "n"))
    var rpd: Quantity?

    @Option(help: ArgumentHelp("Tokens in a minute, such as 10k or 2M; or none.", valueName: "n"))
    var tpm: Quantity?

    @Option(help: ArgumentHelp("Tokens in an hour, or none.", valueName: "n"))
    var tph: Quantity?

    @Option(help: ArgumentHelp("Tokens in a day, or none.", valueName: "n"))
    var tpd: Quantity?

    @Option(help: ArgumentHelp("Requests in any one second, or none.", valueName: "n"))
    var burst: Quantity?

    @Option(help: ArgumentHelp("Requests at the same time, or none.", valueName: "n"))
    var concurrency: Quantity?

    @Flag(inversion: .prefixedNo, help: "Only report what would be refused.")
    var shadow: Bool?

    @Option(help: ArgumentHelp("Only if the version, as show prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    private var numbers: [LimitKind: Quantity?] {
        [
            .requestsPerMinute: rpm, .requestsPerHour: rph, .requestsPerDay: rpd, .tokensPerMinute: tpm,
            .tokensPerHour: tph, .tokensPerDay: tpd, .burst: burst, .concurrency: concurrency,
        ]
    }

    func validate() throws {
        if shadow == nil, numbers.values.allSatisfy({ $0 == nil }) {
            throw ValidationError("nothing to change was given")
        }
    }

    func run(in session: Session) throws {
        var change = LimitSet(select: clients.names)
        for (kind, number) in numbers { change.numbers[kind] = number.map(ClearableCount.init) }
        change.shadow = shadow
        change.ifVersion = ifVersion
        try ChangeReport.limits.print(
            session.client().send(.limitsSet, change, query: session.changeQuery), session)
    }
}
