internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List keys, with their state.",
        discussion: """
            orkctl keys list --state resting --state exhausted
            orkctl keys list --sort -spent --columns name,state,spent
            orkctl keys list --tag team=core -o name
            """,
        aliases: ["ls"])

    @Argument(
        help: ArgumentHelp("Only keys whose name matches.", valueName: "glob"), completion: Completions.keys)
    var name: String?

    @Option(help: ArgumentHelp("Only keys in this state (repeatable).", valueName: "state"))
    var state: [KeyState] = []

    @Option(
        help: ArgumentHelp("Only keys of this provider.", valueName: "name"),
        completion: Completions.providers)
    var provider: String?

    @Option(help: ArgumentHelp("Only keys with this tag (repeatable).", valueName: "name=value"))
    var tag: [Pair] = []

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        var query = state.map { QueryItem("state", $0.rawValue) }
        query += provider.map { [QueryItem("provider", $0)] } ?? []
        query += tag.map { QueryItem("tag", "\($0.name)=\($0.value)") }
        query += name.map { [QueryItem("name", $0)] } ?? []
        try Listing.keys.list(session.listing, list) { limit, cursor in
            try client.get(.keysList, query: query + QueryItem.page(limit, cursor))
        }
    }
}

extension QueryItem {
    /// One page of a list.
    static func page(_ limit: Int, _ cursor: String?) -> [QueryItem] {
        [QueryItem("limit", String(limit))] + (cursor.map { [QueryItem("cursor", $0)] } ?? [])
    }
}
