internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysDisable: Verb {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Take keys out of use; running requests finish.",
        discussion: "The keys stay, with their history. To take them away for good: orkctl keys remove.")

    @OptionGroup var keys: KeySelection

    @Option(help: ArgumentHelp("Why, for whoever looks later.", valueName: "text"))
    var reason: String?

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        var selection = keys.selection
        selection.reason = reason
        let answer: ChangeEnvelope<KeyView> = try session.client().send(
            .keysDisable, selection, query: session.changeQuery)
        let report = ChangeReport.keys.saying { change, _ in
            let item = change.item
            let running =
                change.changed && item.inFlight > 0
                ? "; \(item.inFlight) in flight finish, no new one starts" : ""
            return "\(item.name) \(change.outcome)\(running)"
        }
        try report.print(answer, session)
    }
}
