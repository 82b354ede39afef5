internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct UsersSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change what is named; the rest stays as it is.",
        discussion: """
            orkctl users set alice --email alice@example.org --preferences '{"theme":"dark"}'
            orkctl users set bob --subscription active
            orkctl users set bob --note none
            """)

    @OptionGroup var users: UserSelection

    @Option(help: ArgumentHelp("A new name; for one user.", valueName: "name"))
    var rename: String?

    @Option(help: ArgumentHelp("An address that reaches the user, or none.", valueName: "address"))
    var email: String?

    @Option(
        help: ArgumentHelp(
            "How the user proves who it is: email, wallet or google, or none.", valueName: "word"),
        completion: .list(["email", "wallet", "google"]))
    var authMethod: String?

    @Option(help: ArgumentHelp("Whether its requests cost credits: yes or no.", valueName: "word"))
    var metered: YesOrNo?

    @Option(help: ArgumentHelp("trial, active or ended.", valueName: "word"))
    var subscription: SubscriptionWord?

    @Option(help: ArgumentHelp("When a trial ends: 3d, or an RFC 3339 time, or none.", valueName: "when"))
    var trialEnds: String?

    @Option(help: ArgumentHelp("What the user prefers: a JSON object, or none.", valueName: "json"))
    var preferences: String?

    @Option(
        help: ArgumentHelp("A tag; none as its value takes it away (repeatable).", valueName: "name=value"))
    var tag: [Pair] = []

    @Option(help: ArgumentHelp("A remark, or none.", valueName: "text"))
    var note: String?

    @Option(help: ArgumentHelp("Only if the version, as show prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        let isEmpty =
            rename == nil && email == nil && authMethod == nil && metered == nil && subscription == nil
            && trialEnds == nil && preferences == nil && tag.isEmpty && note == nil
        if isEmpty { throw ValidationError("nothing to change was given") }
        if rename != nil, users.names.count > 1 { throw ValidationError("--rename is for one user") }
    }

    func run(in session: Session) throws {
        var change = UserSet(select: users.names)
        change.name = rename
        change.email = try email.map { try Clearable($0, option: "--email") }
        change.authMethod = try authMethod.map { try Clearable($0, option: "--auth-method") }
        change.metered = metered.map { $0 == .yes }
        change.subscription = subscription?.rawValue
        change.trialEnds = try trialEnds.map { try Clearable($0, option: "--trial-ends") }
        change.preferences = try preferences.map { try Clearable($0, option: "--preferences") }
        change.tags = try tag.changes(option: "--tag")
        change.note = try note.map { try Clearable($0, option: "--note") }
        change.ifVersion = ifVersion
        try ChangeReport.users.print(
            session.client().send(.usersSet, change, query: session.changeQuery), session)
    }
}
