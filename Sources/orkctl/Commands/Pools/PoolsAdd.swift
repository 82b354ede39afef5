internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct PoolsAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make a pool.",
        discussion: """
            orkctl pools add free --fallback paid --note 'free first, paid next'

            Then put keys into it: orkctl keys set NAME --pool free. And bind clients to it: orkctl clients set \
            NAME --pool free.
            """)

    @Argument(help: "Its name.")
    var name: String

    @Option(help: ArgumentHelp("How a key is chosen; as everywhere when absent.", valueName: "strategy"))
    var strategy: Strategy?

    @Option(
        help: ArgumentHelp(
            "What a key is chosen by instead: latency, or latency=0.7,fairness=0.3.", valueName: "objective"),
        completion: Completions.objectives)
    var objective: String?

    @Option(
        help: ArgumentHelp(
            "Percent of its keys that automation leaves in, whatever it guesses; 50 when absent.",
            valueName: "n"))
    var floor: Int?

    @Option(
        help: ArgumentHelp("The pool whose keys serve when none of this one's can.", valueName: "pool"),
        completion: Completions.pools)
    var fallback: String?

    @Option(help: ArgumentHelp("A remark for yourself.", valueName: "text"))
    var note: String?

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        var add = PoolAdd(name: name)
        add.strategy = strategy
        add.objective = objective
        add.floor = floor
        add.fallback = fallback
        add.note = note
        try ChangeReport.pools.print(
            session.client().send(.poolsAdd, add, query: session.changeQuery), session)
    }
}
