// Commands/Usage: what requests came to.
// Here: the verb, its columns. Not here: sums.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser
internal import ORKClient
internal import ORKit

/// `orkctl usage`.
struct UsageCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Tokens, cost and credits, by whom or by what.",
        discussion: """
            orkctl usage --by client --since 30d
            orkctl usage --by day --since 2026-11-01 --until 2026-12-01 -o csv
            orkctl usage --by model --since today --sort -total-tokens
            orkctl usage --by user,model --since 30d -o csv

            Cost is what the upstream states; credits are what users were charged. Days and hours are in UTC.
            """)

    @Option(
        help: ArgumentHelp(
            "user, client, key, account, model, environment, day, hour or user,model; client when absent.",
            valueName: "group"))
    var by: UsageGroup = .client

    @Option(
        help: ArgumentHelp("From then on: 30d, today, 2026-11-01; 30 days when absent.", valueName: "time"))
    var since: Moment?

    @Option(help: ArgumentHelp("Up to then, not including it; now when absent.", valueName: "time"))
    var until: Moment?

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        let now = session.human.now
        var query = [QueryItem("by", by.rawValue)]
        if let since { query.append(QueryItem("since", since.resolved(at: now).rfc3339)) }
        if let until { query.append(QueryItem("until", until.resolved(at: now).rfc3339)) }
        try Listing.usage.list(session.listing, list) { _, _ in try client.get(.usage, query: query) }
    }
}
