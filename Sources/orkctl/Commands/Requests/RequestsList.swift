internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct RequestsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List requests, the newest first.",
        discussion: """
            orkctl requests list --failed --since -15m
            orkctl requests list --client web --model 'openai/*' --limit 100
            orkctl requests list --since today --limit none -o csv
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
        help: ArgumentHelp("Only with an attempt on this key.", valueName: "name"),
        completion: Completions.keys)
    var key: String?

    @Option(help: ArgumentHelp("Only for this model.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("Only with this code.", valueName: "code"), completion: Completions.codes)
    var code: String?

    @Flag(help: "Only those that failed.")
    var failed = false

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
        var query: [QueryItem] = []
        if let since { query.append(QueryItem("since", since.resolved(at: now).rfc3339)) }
        if let until { query.append(QueryItem("until", until.resolved(at: now).rfc3339)) }
        if let client { query.append(QueryItem("client", client)) }
        if let key { query.append(QueryItem("key", key)) }
        if let model { query.append(QueryItem("model", model)) }
        if let code { query.append(QueryItem("code", code)) }
        if failed { query.append(QueryItem("failed", "true")) }
        var options = list
        // There can be millions: a screenful unless somebody says otherwise.
        if options.limit == nil { options.limit = Quantity(argument: "50") }
        try Listing.requests.list(session.listing, options) { limit, cursor in
            try caller.get(.requestsList, query: query + QueryItem.page(limit, cursor))
        }
    }
}
