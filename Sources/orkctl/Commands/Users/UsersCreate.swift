internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct UsersCreate: Verb {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a user.",
        discussion: """
            orkctl users create alice --email alice@example.com
            orkctl users create bob --subscription trial --trial-ends 14d

            Then give it a client: orkctl clients add NAME --user alice --primary
            """,
        aliases: ["add"])

    @Argument(help: "Its name.")
    var name: String

    @Option(help: ArgumentHelp("An address that reaches the user.", valueName: "address"))
    var email: String?

    @Option(
        help: ArgumentHelp(
            "How the user proves who it is: email, wallet or google.", valueName: "word"),
        completion: .list(["email", "wallet", "google"]))
    var authMethod: String?

    @Option(
        help: ArgumentHelp(
            "Whether its requests cost credits: yes or no; yes when absent.", valueName: "word"))
    var metered: YesOrNo?

    @Option(help: ArgumentHelp("trial, active or ended; active when absent.", valueName: "word"))
    var subscription: SubscriptionWord?

    @Option(
        help: ArgumentHelp(
            "When a trial ends: 3d, or an RFC 3339 time; in 3 days when absent.", valueName: "when"))
    var trialEnds: String?

    @Option(help: ArgumentHelp("What the user prefers: a JSON object.", valueName: "json"))
    var preferences: String?

    @Option(help: ArgumentHelp("A tag (repeatable).", valueName: "name=value"))
    var tag: [Pair] = []

    @Option(help: ArgumentHelp("A remark for yourself.", valueName: "text"))
    var note: String?

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        var add = UserAdd(name: name)
        add.email = email
        add.authMethod = authMethod
        add.metered = metered.map { $0 == .yes }
        add.subscription = subscription?.rawValue
        add.trialEnds = trialEnds
        add.preferences = preferences
        add.tags = try tag.dictionary(option: "--tag")
        add.note = note
        try ChangeReport.users.print(
            session.client().send(.usersAdd, add, query: session.changeQuery), session)
    }
}
