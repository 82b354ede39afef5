internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a key; the secret is asked for, or read from stdin.",
        discussion: """
            orkctl keys add main-1                      asks, and shows nothing
            pass show openrouter/main-1 | orkctl keys add main-1
            orkctl keys add main-1 --account core --tag team=core --from-file main-1.txt

            Adding a key that was deactivated brings it back.
            """)

    @Argument(help: ArgumentHelp("Its name; made from the key's last four characters when absent or -."))
    var name: String?

    @OptionGroup var secret: SecretOptions

    @Option(help: ArgumentHelp("The provider; openrouter when absent.", valueName: "name"))
    var provider: String?

    @Option(
        help: ArgumentHelp(
            "The account behind the key; keys of one account rest together.", valueName: "name"),
        completion: Completions.accounts)
    var account: String?

    @Option(help: ArgumentHelp("1 to 1000, for the weighted strategy.", valueName: "n"))
    var weight: Int?

    @Option(
        help: ArgumentHelp("The pool; the first when absent.", valueName: "pool"),
        completion: Completions.pools)
    var pool: String?

    @Option(help: ArgumentHelp("0 to 9; a key serves when none of a smaller number can.", valueName: "n"))
    var priority: Int?

    @Option(help: ArgumentHelp("Requests at once; 0 for no bound.", valueName: "n"))
    var maxInFlight: Int?

    @Option(help: ArgumentHelp("A tag (repeatable).", valueName: "name=value"))
    var tag: [Pair] = []

    @Option(help: ArgumentHelp("A remark for yourself (repeatable).", valueName: "name=value"))
    var meta: [Pair] = []

    @Flag(help: "Do not ask the upstream whether the key works.")
    var noCheck = false

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let stated = name == "-" ? nil : name
        let tags = try tag.dictionary(option: "--tag")
        let metadata = try meta.dictionary(option: "--meta")
        let text = try secret.read(for: stated, session)
        var add = KeyAdd(name: stated ?? "key-\(text.suffix(4))", secret: text)
        add.provider = provider
        add.account = account
        add.weight = weight
        add.pool = pool
        add.priority = priority
        add.maxInFlight = maxInFlight
        add.tags = tags
        add.metadata = metadata
        add.check = noCheck ? false : nil
        let client = session.client(patience: Session.upstreamPatience)
        let answer: ChangeEnvelope<KeyView> = try client.send(.keysAdd, add, query: session.changeQuery)
        let report = ChangeReport.keys.saying { change, human in
            guard change.changed else { return "\(change.item.name) \(change.outcome)" }
            return "\(change.outcome) \(change.item.name)   \(change.item.masked)   "
                + change.item.stateCell(human).text
        }
        try report.print(answer, session)
    }
}
