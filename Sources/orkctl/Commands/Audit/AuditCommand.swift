// Commands/Audit: who changed what.
// Here: the verb, its columns, how a user of this system is named. Not here: what is written down.
// May import ArgumentParser, ORKit, ORKClient and Glibc.

internal import ArgumentParser
internal import ORKClient
internal import ORKit

/// `orkctl audit`.
struct AuditCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show who changed what, the newest first.",
        discussion: """
            orkctl audit --since -1d
            orkctl audit --action 'keys.*' --target main-1 -o json
            orkctl audit --actor alice --since today --limit none -o csv

            With -o json each field that was changed is told with its old and its new value.
            """)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("From: -15m, today, '2026-11-21 14:00', RFC 3339.", valueName: "time"))
    var since: Moment?

    @Option(parsing: .unconditional, help: ArgumentHelp("Until, in the same forms.", valueName: "time"))
    var until: Moment?

    @Option(
        help: ArgumentHelp(
            "Only by this user of the system, a name or a number; orkd for what the daemon did itself.",
            valueName: "user"))
    var actor: AuditActor?

    @Option(
        help: ArgumentHelp("Only this action, such as keys.add or 'clients.*'.", valueName: "action"))
    var action: String?

    @Option(
        help: ArgumentHelp("Only about what is called so, a name or a glob.", valueName: "name"))
    var target: String?

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        let now = session.human.now
        var items: [QueryItem] = []
        if let since { items.append(QueryItem("since", since.resolved(at: now).rfc3339)) }
        if let until { items.append(QueryItem("until", until.resolved(at: now).rfc3339)) }
        if let actor { items.append(QueryItem("actor", actor.word)) }
        if let action { items.append(QueryItem("action", action)) }
        if let target { items.append(QueryItem("target", target)) }
        let query = items
        var options = list
        // There can be very many: a screenful unless somebody says otherwise.
        if options.limit == nil { options.limit = Quantity(argument: "50") }
        try Listing.audit.list(session.listing, options) { limit, cursor in
            try client.get(.audit, query: query + QueryItem.page(limit, cursor))
        }
    }
}
