internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ClientsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List clients.",
        discussion: """
            orkctl clients list --state expired
            orkctl clients list --env live --sort -requests
            orkctl clients list --user alice
            """,
        aliases: ["ls"])

    @Option(help: ArgumentHelp("usable, disabled or expired (repeatable).", valueName: "state"))
    var state: [ClientState] = []

    @Option(
        name: [.long, .customLong("env")],
        help: ArgumentHelp("live, test, staging or dev.", valueName: "word"))
    var environment: ClientEnvironment?

    @Option(
        help: ArgumentHelp("Only those of this user; none for those of nobody.", valueName: "user"),
        completion: Completions.users)
    var user: String?

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        var query = state.map { QueryItem("state", $0.rawValue) }
        if let environment { query.append(QueryItem("environment", environment.rawValue)) }
        if let user { query.append(QueryItem("user", user)) }
        try Listing.clients.list(session.listing, list) { limit, cursor in
            try client.get(.clientsList, query: query + QueryItem.page(limit, cursor))
        }
    }
}

/// `--state` of clients.
enum ClientState: String, CaseIterable, ExpressibleByArgument, Sendable {
    case usable, disabled, expired
}

/// The tag in front of a client key.
enum ClientEnvironment: String, CaseIterable, ExpressibleByArgument, Sendable {
    case live, test, staging, dev
}
