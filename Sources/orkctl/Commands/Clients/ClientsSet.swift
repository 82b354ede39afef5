internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ClientsSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change what is named; the rest stays as it is.",
        discussion: """
            orkctl clients set web --expires 90d --tag team=web
            orkctl clients set web --permission inference,catalogue,passthrough
            orkctl clients set web --allow-model 'openai/*' --allow-ip 10.0.0.0/8
            orkctl clients set web --user alice --max-requests 1000
            orkctl clients set web --expires none --note none --allow-model none
            """)

    @OptionGroup var clients: ClientSelection

    @Option(help: ArgumentHelp("A new name; for one client.", valueName: "name"))
    var rename: String?

    @Option(
        help: ArgumentHelp("All permissions anew (repeatable).", valueName: "word"),
        completion: Completions.permissions)
    var permission: [String] = []

    @Option(
        help: ArgumentHelp("Whose client it is, or none.", valueName: "user"), completion: Completions.users)
    var user: String?

    @Flag(help: "The first key of its user, in place of the one that was.")
    var primary = false

    @Option(
        help: ArgumentHelp("Whose keys serve it.", valueName: "pool"),
        completion: Completions.pools)
    var pool: String?

    @Option(help: ArgumentHelp("90d, an RFC 3339 time, or none.", valueName: "when"))
    var expires: String?

    @Option(
        help: ArgumentHelp("A tag; none as its value takes it away (repeatable).", valueName: "name=value"))
    var tag: [Pair] = []

    @Option(help: ArgumentHelp("A remark, or none.", valueName: "text"))
    var note: String?

    @OptionGroup var allow: AllowOptions

    @Option(
        help: ArgumentHelp(
            "How many requests it may make in all, those of the past included, or none.", valueName: "n"))
    var maxRequests: String?

    @Option(help: ArgumentHelp("Only if the version, as show prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        let isEmpty =
            rename == nil && permission.isEmpty && pool == nil && expires == nil && tag.isEmpty && note == nil
            && user == nil && !primary && allow.isEmpty && maxRequests == nil
        if isEmpty { throw ValidationError("nothing to change was given") }
        if let maxRequests, maxRequests != "none", Int64(maxRequests) == nil {
            throw ValidationError("--max-requests is a number or none")
        }
        if rename != nil, clients.names.count > 1 { throw ValidationError("--rename is for one client") }
    }

    func run(in session: Session) throws {
        var change = ClientSet(select: clients.names)
        change.name = rename
        change.permissions = try Permissions.read(permission)
        change.pool = pool
        change.expires = try expires.map { text in
            try Clearable(text == "none" ? text : Expiry.checked(text), option: "--expires")
        }
        change.tags = try tag.changes(option: "--tag")
        change.note = try note.map { try Clearable($0, option: "--note") }
        change.user = try user.map { try Clearable($0, option: "--user") }
        change.primary = primary ? true : nil
        change.models = try allow.models()
        change.endpoints = try allow.endpoints()
        change.addresses = try allow.addresses()
        change.referrers = try allow.referrers()
        change.maxRequests = maxRequests.map { Int64($0).map(ClearableCount.value) ?? ClearableCount.none }
        change.ifVersion = ifVersion
        try ChangeReport.clients.print(
            session.client().send(.clientsSet, change, query: session.changeQuery), session)
    }
}
