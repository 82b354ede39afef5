internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change what is named; the rest stays as it is.",
        discussion: """
            orkctl keys set main-1 --account core --weight 3
            orkctl keys set 'free-*' --pool free --priority 1
            orkctl keys set 'main-*' --tag team=core --tag old=none
            """)

    @OptionGroup var keys: KeySelection

    @Option(help: ArgumentHelp("A new name; for one key.", valueName: "name"))
    var rename: String?

    @Option(help: ArgumentHelp("The provider.", valueName: "name"))
    var provider: String?

    @Option(
        help: ArgumentHelp("The account, or none.", valueName: "name"),
        completion: Completions.accounts)
    var account: String?

    @Option(help: ArgumentHelp("1 to 1000.", valueName: "n"))
    var weight: Int?

    @Option(
        help: ArgumentHelp("The pool.", valueName: "pool"),
        completion: Completions.pools)
    var pool: String?

    @Option(help: ArgumentHelp("0 to 9; a key serves when none of a smaller number can.", valueName: "n"))
    var priority: Int?

    @Option(help: ArgumentHelp("Requests at once; 0 for no bound.", valueName: "n"))
    var maxInFlight: Int?

    @Option(
        help: ArgumentHelp("A tag; none as its value takes it away (repeatable).", valueName: "name=value"))
    var tag: [Pair] = []

    @Option(
        help: ArgumentHelp("A remark; none as its value takes it away (repeatable).", valueName: "name=value")
    )
    var meta: [Pair] = []

    @Option(help: ArgumentHelp("Only if the version, as show prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        let isEmpty =
            rename == nil && provider == nil && account == nil && weight == nil && pool == nil
            && priority == nil && maxInFlight == nil && tag.isEmpty && meta.isEmpty
        if isEmpty { throw ValidationError("nothing to change was given") }
        if rename != nil, keys.names.count > 1 { throw ValidationError("--rename is for one key") }
    }

    func run(in session: Session) throws {
        var change = KeySet(select: keys.names)
        change.name = rename
        change.provider = provider
        change.account = try account.map { try Clearable($0, option: "--account") }
        change.weight = weight
        change.pool = pool
        change.priority = priority
        change.maxInFlight = maxInFlight
        change.tags = try tag.changes(option: "--tag")
        change.metadata = try meta.changes(option: "--meta")
        change.ifVersion = ifVersion
        try ChangeReport.keys.print(
            session.client().send(.keysSet, change, query: session.changeQuery), session)
    }
}
