internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct PoolsSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change what is named; the rest stays as it is.",
        discussion: """
            orkctl pools set free --strategy health --fallback none
            orkctl pools set default --floor 80
            orkctl pools set default --objective latency=0.7,fairness=0.3
            """)

    @Argument(help: ArgumentHelp("The pool.", valueName: "pool"), completion: Completions.pools)
    var name: String

    @Option(help: ArgumentHelp("A new name.", valueName: "name"))
    var rename: String?

    @Option(help: ArgumentHelp("A strategy, or none: as everywhere.", valueName: "strategy"))
    var strategy: String?

    @Option(
        help: ArgumentHelp("What a key is chosen by instead, or none.", valueName: "objective"),
        completion: Completions.objectives)
    var objective: String?

    @Option(
        help: ArgumentHelp("Percent of its keys that automation leaves in, or none: 50.", valueName: "n"))
    var floor: String?

    @Option(help: ArgumentHelp("Another pool, or none.", valueName: "pool"), completion: Completions.pools)
    var fallback: String?

    @Option(help: ArgumentHelp("A remark, or none.", valueName: "text"))
    var note: String?

    @Option(help: ArgumentHelp("Only if the version, as list prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        let isEmpty =
            rename == nil && strategy == nil && objective == nil && floor == nil && fallback == nil
            && note == nil
        if isEmpty { throw ValidationError("nothing to change was given") }
    }

    func run(in session: Session) throws {
        var change = PoolSet(pool: name)
        change.name = rename
        change.strategy = try strategy.map { try Clearable($0, option: "--strategy") }
        change.objective = try objective.map { try Clearable($0, option: "--objective") }
        change.floor = try floor.map { try Clearable($0, option: "--floor") }
        change.fallback = try fallback.map { try Clearable($0, option: "--fallback") }
        change.note = try note.map { try Clearable($0, option: "--note") }
        change.ifVersion = ifVersion
        try ChangeReport.pools.print(
            session.client().send(.poolsSet, change, query: session.changeQuery), session)
    }
}
