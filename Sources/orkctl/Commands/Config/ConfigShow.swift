internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ConfigShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the settings in effect, and where each comes from.")

    @Argument(help: ArgumentHelp("Only settings whose name matches.", valueName: "glob"))
    var name: String?

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        var options = list
        if let name { options.filter.append("name~\(name)") }
        try Listing.settings.list(session.listing, options) { _, _ in try client.get(.configShow) }
    }
}

extension Listing<SettingView> {
    static let settings = Listing(
        noun: "settings", schema: "ork.settings/1",
        columns: [
            Column("name") { $0.name },
            Column("value") { $0.value },
            Column("source") { $0.source },
            Column("changeable") { $0.changeable ? "yes" : "no" },
        ],
        name: { $0.name })
}
