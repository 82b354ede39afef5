internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct RequestsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List requests, the newest first.",
        discussion: """
            orkctl requests list --failed --since -15m
            orkctl requests list --user alice --since today
            orkctl requests list --client web --model 'openai/*' --limit 100
            orkctl requests list --since today --limit none -o csv
            orkctl requests list --failed --since -15m --by code
            """,
        aliases: ["ls"])

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("From: -15m, today, '2026-11-21 14:00', RFC 3339.", valueName: "time"))
    var since: Moment?

    @Option(parsing: .unconditional, help: ArgumentHelp("Until, in the same forms.", valueName: "time"))
    var until: Moment?

    @Option(help: ArgumentHelp("Only of this client.", valueName: "name"), completion: Completions.clients)
    var client: String?

    @Option(
        help: ArgumentHelp("Only of this user's clients; none for those of nobody.", valueName: "user"),
        completion: Completions.users)
    var user: String?

    @Option(
        help: ArgumentHelp("Only with an attempt on this key.", valueName: "name"),
        completion: Completions.keys)
    var key: String?

    @Option(help: ArgumentHelp("Only for this model.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("Only with this code.", valueName: "code"), completion: Completions.codes)
    var code: String?

    @Flag(help: "Only those that failed.")
    var failed = false

    @Option(
        help: ArgumentHelp(
            "One line for each code, client, key or model in place of one for each request.",
            valueName: "what"))
    var by: RequestGroup.Key?

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func validate() throws {
        if let code, ErrorCode(rawValue: code) == nil {
            throw ValidationError("“\(code)” is not a code; orkctl explain --list names them")
        }
    }

    func run(in session: Session) throws {
        let caller = session.client()
        let now = session.human.now
        var items: [QueryItem] = []
        if let since { items.append(QueryItem("since", since.resolved(at: now).rfc3339)) }
        if let until { items.append(QueryItem("until", until.resolved(at: now).rfc3339)) }
        if let client { items.append(QueryItem("client", client)) }
        if let user { items.append(QueryItem("user", user)) }
        if let key { items.append(QueryItem("key", key)) }
        if let model { items.append(QueryItem("model", model)) }
        if let code { items.append(QueryItem("code", code)) }
        if failed { items.append(QueryItem("failed", "true")) }
        let query = items
        let fetch = { (limit: Int, cursor: String?) throws -> ListEnvelope<RequestView> in
            try caller.get(.requestsList, query: query + QueryItem.page(limit, cursor))
        }
        if let by { return try RequestGroup.list(by, session.listing, list, fetch) }
        var options = list
        // There can be millions: a screenful unless somebody says otherwise.
        if options.limit == nil { options.limit = Quantity(argument: "50") }
        try Listing.requests.list(session.listing, options, fetch: fetch)
    }
}
