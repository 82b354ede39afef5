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
            orkctl clients set web --expires none --note none
            """)

    @OptionGroup var clients: ClientSelection

    @Option(help: ArgumentHelp("A new name; for one client.", valueName: "name"))
    var rename: String?

    @Option(help: ArgumentHelp("All permissions anew (repeatable).", valueName: "word"))
    var permission: [String] = []

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

    @Option(help: ArgumentHelp("Only if the version, as show prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        let isEmpty =
            rename == nil && permission.isEmpty && pool == nil && expires == nil && tag.isEmpty && note == nil
        if isEmpty { throw ValidationError("nothing to change was given") }
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
        change.ifVersion = ifVersion
        try ChangeReport.clients.print(
            session.client().send(.clientsSet, change, query: session.changeQuery), session)
    }
}
