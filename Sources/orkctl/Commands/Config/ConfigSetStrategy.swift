internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ConfigSetStrategy: Verb {
    static let configuration = CommandConfiguration(
        commandName: "strategy",
        abstract: "How a key is chosen; survives a restart.",
        discussion: "sticky, lru, round-robin, weighted, random, least-used or health.")

    @Argument(help: "The strategy.")
    var strategy: Strategy

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        var change = ConfigSet()
        change.strategy = strategy
        let answer: ChangeEnvelope<SettingView> = try session.client().send(
            .configSet, change, query: session.changeQuery)
        let report = ChangeReport<SettingView>(name: { $0.name }).saying { change, _ in
            "\(change.item.name) is \(change.item.value)\(change.changed ? "" : ", unchanged")"
        }
        try report.print(answer, session)
    }
}
