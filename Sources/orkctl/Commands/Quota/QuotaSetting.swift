internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct QuotaSetting: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Bound what keys do; the rest of the quota stays as it is.",
        discussion: """
            orkctl quota set main-1 --requests 1000 --window daily
            orkctl quota set main-1 --tokens 2M
            orkctl quota set 'free-*' --requests 20 --tokens none --window 90m

            Days and months are the calendar's, in UTC. An hour, or a duration, slides: what was used leaves as \
            it grows old. A key with less than a fifth left serves when no other can, one with nothing left not \
            at all.
            """)

    @OptionGroup var keys: KeySelection

    @Option(help: ArgumentHelp("So many requests, such as 1000 or 10k; or none.", valueName: "n"))
    var requests: Quantity?

    @Option(help: ArgumentHelp("So many tokens, such as 2M; or none.", valueName: "n"))
    var tokens: Quantity?

    @Option(
        help: ArgumentHelp("hourly, daily, monthly, or a duration from 1m to 32d.", valueName: "window"),
        completion: .list(["hourly", "daily", "monthly"]))
    var window: String?

    @Option(help: ArgumentHelp("Only if the version, as show prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if requests == nil && tokens == nil && window == nil {
            throw ValidationError("nothing to change was given")
        }
    }

    func run(in session: Session) throws {
        var change = QuotaSet(select: keys.names)
        change.requests = requests.map(ClearableCount.init)
        change.tokens = tokens.map(ClearableCount.init)
        change.window = window
        change.ifVersion = ifVersion
        try ChangeReport.quotas.print(
            session.client().send(.quotasSet, change, query: session.changeQuery), session)
    }
}

extension ClearableCount {
    init(_ quantity: Quantity) { self = quantity.count.map { .value(Int64($0)) } ?? .none }
}
