internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysHistory: Verb {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show how a key's state has changed, and what proved it.")

    @Argument(help: ArgumentHelp("The key.", valueName: "key"), completion: Completions.keys)
    var name: String

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        try Listing.history.list(session, list) { limit, cursor in
            try client.get(.keysHistory, query: [QueryItem("key", name)] + QueryItem.page(limit, cursor))
        }
    }
}

extension Listing<KeyTransition> {
    static let history = Listing(
        noun: "transitions", schema: "ork.history/1",
        columns: [
            Column("at", text: { Cell($1.ago($0.at)) }, value: { $0.at }),
            Column("from") { $0.from },
            Column(
                "to", text: { row, _ in Cell(row.to, KeyState(rawValue: row.to)?.tone ?? .plain) },
                value: { $0.to }),
            Column("trigger") { $0.trigger },
            Column("until", text: { Cell($1.left($0.until)) }, value: { $0.until }),
            Column("request") { $0.request },
            Column("evidence") { $0.evidence },
        ],
        name: { $0.at })
}
