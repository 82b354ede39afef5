internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ClientsAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Issue a client key; it is shown once.",
        discussion: """
            orkctl clients add billing-batch --expires 90d
            orkctl clients add ci --secret-file /etc/ci/ork.key
            orkctl clients add demo --user alice --allow-model 'openai/*' --max-requests 100
            KEY=$(orkctl clients add web -q)

            Without a terminal, say where the key goes: -q, -o json or --secret-file.
            """)

    @Argument(help: "Its name.")
    var name: String

    @Option(
        name: [.long, .customLong("env")],
        help: ArgumentHelp("live, test, staging or dev; live when absent.", valueName: "word"))
    var environment: ClientEnvironment?

    @Option(
        help: ArgumentHelp(
            "inference, catalogue, user, passthrough, admin, or a part such as chat.completions (repeatable).",
            valueName: "word"),
        completion: Completions.permissions)
    var permission: [String] = []

    @Option(
        help: ArgumentHelp("Whose client it is; nobody's when absent.", valueName: "user"),
        completion: Completions.users)
    var user: String?

    @Flag(help: "The first key of its user, in place of the one that was.")
    var primary = false

    @Option(
        help: ArgumentHelp("Whose keys serve it; the first pool when absent.", valueName: "pool"),
        completion: Completions.pools)
    var pool: String?

    @Option(help: ArgumentHelp("90d, or an RFC 3339 time; never when absent.", valueName: "when"))
    var expires: String?

    @Option(help: ArgumentHelp("A tag (repeatable).", valueName: "name=value"))
    var tag: [Pair] = []

    @Option(help: ArgumentHelp("A remark for yourself.", valueName: "text"))
    var note: String?

    @OptionGroup var allow: AllowOptions

    @Option(help: ArgumentHelp("How many requests it may make in all.", valueName: "n"))
    var maxRequests: Int64?

    @OptionGroup var issued: IssuedSecretOptions
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        var add = ClientAdd(name: name)
        add.environment = environment?.rawValue
        add.permissions = try Permissions.read(permission)
        add.pool = pool
        add.expires = try expires.map(Expiry.checked)
        add.tags = try tag.dictionary(option: "--tag")
        add.note = note
        add.user = user
        add.primary = primary ? true : nil
        add.models = try allow.models()
        add.endpoints = try allow.endpoints()
        add.addresses = try allow.addresses()
        add.referrers = try allow.referrers()
        add.maxRequests = maxRequests
        let place = try issued.prepared(session)
        let client = session.client()
        let answer: ChangeEnvelope<ClientView> = try client.send(.clientsAdd, add, query: session.changeQuery)
        try IssuedKey(place, verb: "issued").print(answer, session) {
            // Where to send requests to: worth a second call, never worth a failure.
            let status = try? client.get(.status, as: ItemEnvelope<StatusReport>.self)
            return status?.item.listeners.first
        }
    }
}

extension Permissions {
    /// Names from options, each of which may hold several with commas.
    static func read(_ options: [String]) throws -> [String]? {
        guard !options.isEmpty else { return nil }
        let names = options.flatMap { $0.split(separator: ",").map(String.init) }
        guard Permissions(names: names) != nil, !names.isEmpty else {
            throw CodedError(
                .badValue, "a permission is not known",
                hints: ["permissions are:   \(Permissions.words.joined(separator: ", "))"])
        }
        return names
    }
}

/// `--expires`.
enum Expiry {
    static func checked(_ text: String) throws -> String {
        guard Int64(duration: text) != nil || WallTime(rfc3339: text) != nil else {
            throw CodedError(
                .badValue, "--expires is neither a duration nor a time",
                hints: ["for example:   --expires 90d", "or:   --expires 2027-02-19T00:00:00Z"])
        }
        return text
    }
}
