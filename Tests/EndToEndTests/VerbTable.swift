/// What every verb of `orkctl` is called with, and how it must end.
enum VerbTable {
    struct Ending {
        var exit: Int32
        /// Of a change.
        var outcome: String?
        /// Nothing on stdout, one object on stderr.
        var isFailure = false

        static let done = Ending(exit: 0)
        static func done(_ outcome: String) -> Ending { Ending(exit: 0, outcome: outcome) }
        /// The answer was “no”, or partly.
        static func answered(_ exit: Int32) -> Ending { Ending(exit: exit) }
        static func failed(_ exit: Int32) -> Ending { Ending(exit: exit, isFailure: true) }
    }

    struct Entry {
        /// Words in capitals are replaced by the test.
        var words: [String]
        /// Names the secret on stdin; the same name is the same secret.
        var secret: String?
        var first: Ending
        var again: Ending
        /// Prints a client key.
        var issues = false

        init(
            _ line: String, secret: String? = nil, _ first: Ending = .done, _ again: Ending? = nil,
            issues: Bool = false
        ) {
            words = line.split(separator: " ").map(String.init)
            self.secret = secret
            self.first = first
            self.again = again ?? first
            self.issues = issues
        }

        /// `keys list`, `config set strategy`, `status`.
        var verb: String {
            let isLong = words.starts(with: ["config", "set"]) || words.starts(with: ["keys", "quota"])
            let count = isLong ? 3 : Self.nouns.contains(words[0]) ? 2 : 1
            return words.prefix(count).joined(separator: " ")
        }

        private static let nouns: Set<String> = [
            "keys", "clients", "users", "pools", "accounts", "quota", "limits", "budgets", "credits",
            "models",
            "requests",
            "config",
            "daemon",
        ]
    }

    static var all: [Entry] {
        observe + operate + keys + clients + users + pools + accounts + quota + limits + budgets + credits
            + usage
            + models
    }

    static let observe = [
        Entry("status"), Entry("health"), Entry("version"), Entry("daemon version"),
        Entry("events"), Entry("events --limit 3 --filter kind=audit"), Entry("events -f", .failed(64)),
        Entry("audit"), Entry("audit --action clients.* --target test --actor 0 --since -1h --until now"),
        Entry("audit --actor no-such-user", .failed(64)), Entry("audit --limit none -o csv"),
        Entry("requests list"), Entry("requests list --failed"), Entry("requests list --by client"),
        Entry("requests list --user none"), Entry("requests list --user nosuch", .failed(4)),
        Entry("requests show ID"),
        Entry("requests show 1jq3k9x2m0a0r", .failed(4)),
        Entry("explain ID"), Entry("explain no-upstream-key"), Entry("explain --list"),
        Entry("explain nosuch", .failed(4)),
        Entry("explain --dry-run --client test --model v/m"), Entry("explain --dry-run --pool default"),
        Entry("explain --dry-run --objective quality"), Entry("explain --dry-run --objective x", .failed(64)),
        Entry("explain --dry-run --pool nosuch", .failed(4)), Entry("explain --model v/m", .failed(64)),
        Entry("events --filter kind=verdict"), Entry("events --filter kind=nosuch", .failed(64)),
    ]

    static let operate = [
        Entry("cleanup"), Entry("cleanup --dry-run"), Entry("cleanup --class nosuch", .failed(64)),
        Entry("config show"), Entry("config check GOOD"), Entry("config check BAD", .answered(2)),
        Entry("config set strategy lru", .done("changed"), .done("unchanged")),
        Entry("config set strategy nosuch", .failed(64)),
        Entry("daemon drain"), Entry("status", .answered(2)), Entry("health", .answered(1)),
        Entry("daemon resume"), Entry("status"),
    ]

    static let keys = [
        Entry("keys list"), Entry("keys show a"), Entry("keys show nosuch", .failed(4)),
        Entry("keys show nosuch*"),
        Entry("keys add b", secret: "b", .done("added"), .done("unchanged")),
        Entry("keys add b", secret: "other", .failed(5)),
        Entry("keys add c --dry-run", secret: "c", .done("added")),
        Entry("keys import FILE", .answered(3)), Entry("keys import FILE --format json", .failed(65)),
        Entry("keys export"), Entry("keys export a"), Entry("keys export nosuch", .failed(4)),
        Entry("keys set b --weight 3 --tag team=core", .done("changed"), .done("unchanged")),
        Entry("keys disable b --reason leaked", .done("disabled"), .done("unchanged")),
        Entry("keys enable b", .done("enabled"), .done("unchanged")),
        Entry("keys test a"), Entry("keys test nosuch", .failed(4)),
        Entry("keys reset a", .done("unchanged")), Entry("keys history a"),
        Entry("keys undo a", .done("unchanged")), Entry("keys undo --wave"), Entry("keys undo", .failed(64)),
        Entry("keys undo nosuch", .failed(4)), Entry("keys undo --since -1h"),
        Entry("keys undo a --since today --dry-run", .done("unchanged")),
        Entry("keys undo nosuch* --since -1h"), Entry("keys undo --since tomorrow", .failed(64)),
        Entry("keys undo --incident i1", .failed(4)), Entry("keys undo --incident x", .failed(4)),
        Entry("keys undo --wave --since -1h", .failed(64)),
        Entry("keys set-state b invalid --reason gone", .done("invalid"), .done("unchanged")),
        Entry("keys set-state b usable", .done("usable"), .done("unchanged")),
        Entry("keys set-state b disabled --dry-run", .done("disabled")),
        Entry("keys set-state b resting", .failed(5)), Entry("keys set-state nosuch usable", .failed(4)),
        Entry("keys set-state b nosuch", .failed(64)), Entry("keys set-state b", .failed(64)),
        Entry("keys rotate b", secret: "new", .failed(6)),
        Entry("keys rotate b --yes", secret: "new", .done("rotated"), .done("unchanged")),
        Entry("keys remove b", .failed(6)),
        Entry("keys remove b --yes --dry-run", .done("removed")),
        Entry("keys remove b --yes", .done("removed"), .failed(4)),
        Entry("keys remove b --yes --if-exists"), Entry("keys remove nosuch* --yes"),
        Entry("keys prune --state invalid", .failed(6)), Entry("keys prune --state invalid --yes"),
        Entry("keys list --sort nosuch", .failed(64)),
    ]

    static let clients = [
        Entry("clients list"), Entry("clients show test"), Entry("clients show nosuch", .failed(4)),
        Entry("clients add web", .done("added"), .failed(5), issues: true),
        Entry("clients add web --note other", .failed(5)),
        Entry("clients add dry --dry-run", .done("added")),
        Entry(
            "clients set web --note x --expires 2099-01-01T00:00:00Z", .done("changed"), .done("unchanged")),
        Entry("clients disable web", .done("disabled"), .done("unchanged")),
        Entry("clients enable web", .done("enabled"), .done("unchanged")),
        Entry(
            "clients set web --allow-model openai/* --allow-ip 10.0.0.0/8 --max-requests 5", .done("changed"),
            .done("unchanged")),
        Entry("clients set web --allow-ip nosuch", .failed(64)),
        Entry("clients set web --user nosuch", .failed(4)),
        Entry("clients set web --primary", .failed(64)),
        Entry("clients list --env live --user none"), Entry("clients list --user nosuch", .failed(4)),
        Entry("clients rotate web", .failed(6)),
        Entry("clients rotate web --yes", .done("rotated"), .done("rotated"), issues: true),
        Entry("clients remove web", .failed(6)),
        Entry("clients remove web --yes", .done("removed"), .failed(4)),
        Entry("clients remove web --yes --if-exists"),
        Entry("clients prune --expired", .failed(6)), Entry("clients prune --expired --yes"),
    ]

    static let users = [
        Entry("users list"),
        Entry("users create alice --email alice@example.com", .done("added"), .done("unchanged")),
        Entry("users create alice --note other", .failed(5)),
        Entry("users create dry --dry-run", .done("added")),
        Entry("users create x --email nosuch", .failed(64)),
        Entry("users create x --subscription nosuch", .failed(64)),
        Entry("users show alice"), Entry("users show nosuch", .failed(4)),
        Entry("users set alice --subscription trial --note x", .done("changed"), .done("unchanged")),
        Entry("users set alice --preferences nosuch", .failed(64)),
        Entry("users set nosuch --note x", .failed(4)),
        Entry("users disable alice --reason unpaid", .done("disabled"), .done("unchanged")),
        Entry("users enable alice", .done("enabled"), .done("unchanged")),
        Entry("users remove alice", .failed(6)),
        Entry("users remove alice --yes --dry-run", .done("removed")),
        Entry("users remove alice --yes", .done("removed"), .failed(4)),
        Entry("users remove alice --yes --if-exists"),
    ]

    static let pools = [
        Entry("pools list"),
        Entry("pools add team --strategy lru --floor 80", .done("added"), .done("unchanged")),
        Entry("pools add team --note other", .failed(5)),
        Entry("pools add dry --dry-run", .done("added")),
        Entry("pools add x --fallback nosuch", .failed(4)),
        Entry("pools set team --fallback default --note x", .done("changed"), .done("unchanged")),
        Entry("pools set team --strategy nosuch", .failed(64)),
        Entry("pools set team --objective latency=0.7,fairness=0.3", .done("changed"), .done("unchanged")),
        Entry("pools set team --objective cost", .done("changed"), .done("unchanged")),
        Entry("pools set nosuch --note x", .failed(4)),
        Entry("pools remove team", .failed(6)),
        Entry("pools remove team --yes --dry-run", .done("removed")),
        Entry("pools remove team --yes", .done("removed"), .failed(4)),
        Entry("pools remove team --yes --if-exists"),
        Entry("pools remove default --yes", .failed(5)),
    ]

    static let accounts = [
        Entry("accounts list"), Entry("accounts list --sort nosuch", .failed(64)),
        Entry("accounts show nosuch", .failed(4)), Entry("accounts show unknown"),
        Entry("keys set a --account user_a", .done("changed"), .done("unchanged")),
        Entry("accounts set user_a --note x --dry-run", .done("changed")),
        Entry("accounts set user_a --name core --note x", .done("changed"), .done("unchanged")),
        Entry("accounts set core --name none", .done("changed"), .failed(4)),
        Entry("accounts set user_a --if-version 1 --note y", .failed(5)),
        Entry("accounts set unknown --note x", .failed(64)),
        Entry("accounts set nosuch --note x", .failed(4)),
        Entry("accounts show user_a"),
    ]

    static let models = [
        Entry("models list"), Entry("models list openai/* --sort -prompt"), Entry("models list nosuch"),
        Entry("models list --provider deepseek --free"), Entry("models list --sort nosuch", .failed(64)),
        Entry("models show openai/gpt-4o-mini"), Entry("models show nosuch/m", .failed(4)),
        Entry("models show nosuch*"), Entry("models providers"), Entry("models providers --sort -models"),
        Entry("models refresh --dry-run", .done("unchanged")), Entry("models refresh", .done("unchanged")),
        Entry("models cache"),
    ]

    static let usage = [
        Entry("usage"), Entry("usage --by day --since 30d"),
        Entry("usage --by model --since today --until now"),
        Entry("reconcile"), Entry("reconcile nosuch", .failed(4)),
        Entry("reconcile --window monthly --tolerance 100 --least 100"),
        Entry("reconcile --window hourly", .failed(64)), Entry("reconcile --tolerance 101", .failed(64)),
        Entry("reconcile --least -1", .failed(64)),
        Entry("usage --by nosuch", .failed(64)), Entry("usage --since never", .failed(64)),
    ]

    static let credits = [
        Entry("users create payer", .done("added"), .done("unchanged")),
        Entry("credits list"), Entry("credits list nosuch", .failed(4)),
        Entry("credits add payer 5k --note first --key k1", .done("added"), .done("unchanged")),
        Entry("credits add payer 6k --key k1", .failed(5)),
        Entry("credits add payer 1 --dry-run", .done("added")),
        Entry("credits add payer 0", .failed(64)), Entry("credits add payer -1", .failed(64)),
        Entry("credits add nosuch 1", .failed(4)),
        Entry("credits deduct payer 1k --key k2", .done("deducted"), .done("unchanged")),
        Entry("credits deduct payer 1M", .failed(5)),
        Entry("credits refund 1", .done("refunded"), .done("unchanged")),
        Entry("credits refund 99", .failed(64)),
        Entry("credits history payer"), Entry("credits history nosuch", .failed(4)),
    ]

    static let limits = [
        Entry("limits show test"), Entry("limits show nosuch", .failed(4)), Entry("limits show", .failed(64)),
        Entry("limits set test --rpm 5 --dry-run", .done("changed")),
        Entry("limits set test", .failed(64)), Entry("limits set test --rpm 0", .failed(64)),
        Entry("limits set test --rpm -1", .failed(64)), Entry("limits set test --rpm 1.5", .failed(64)),
        Entry("limits set test --tpd 1h", .failed(64)),
        Entry(
            "limits set test --rpm 60 --rph 1k --rpd 10k --tpm 10k --tph 100k --tpd 1M --burst 9",
            .done("changed"), .done("unchanged")),
        Entry("limits set test --concurrency 3 --shadow", .done("changed"), .done("unchanged")),
        Entry("limits set test --no-shadow --rpm none", .done("changed"), .done("unchanged")),
        Entry("limits set test --rpm 7 --if-version 1", .failed(5)),
        Entry("limits set nosuch --rpm 5", .failed(4)), Entry("limits show test -o csv"),
        Entry("limits set user:nosuch --rpm 5", .failed(4)),
        Entry("limits clear test", .done("cleared"), .done("unchanged")),
        Entry("limits clear nosuch", .failed(4)),
    ]

    static let budgets = [
        Entry("budgets list"), Entry("budgets show nosuch", .failed(4)), Entry("budgets show", .failed(64)),
        Entry("budgets set client:test/day --limit 5 --dry-run", .done("added")),
        Entry("budgets set client:test/day", .failed(64)),
        Entry("budgets set client:test/day --soft", .failed(64)),
        Entry("budgets set client:test/day --limit 0", .failed(64)),
        Entry("budgets set client:test/day --limit -1", .failed(64)),
        Entry("budgets set client:test/day --limit 5 --hard --soft", .failed(64)),
        Entry("budgets set client:test/year --limit 5", .failed(64)),
        Entry("budgets set client:test/day --limit 5 --time-zone Nowhere/Land", .failed(64)),
        Entry("budgets set client:test/day --limit 5 --warn-at 0%", .failed(64)),
        Entry("budgets set client:nosuch/day --limit 5", .failed(4)),
        Entry("budgets set user:nosuch/day --limit 5", .failed(4)),
        Entry("budgets set key:nosuch/day --limit 5", .failed(4)),
        Entry("budgets set pool:nosuch/day --limit 5", .failed(4)),
        Entry("budgets set pool:default/week --limit 5", .done("added"), .done("unchanged")),
        Entry("budgets set client:test/day --limit 2.50", .done("added"), .done("unchanged")),
        Entry(
            "budgets set client:test/day --soft --warn-at 50% --warn-at 90% --time-zone Europe/Berlin",
            .done("changed"), .done("unchanged")),
        Entry("budgets set client:test/day --warn-at none", .done("changed"), .done("unchanged")),
        Entry("budgets set client:test/day --limit 3 --if-version 1", .failed(5)),
        Entry("budgets set all/total --limit $9", .done("added"), .done("unchanged")),
        Entry("budgets ls all/* --sort left"), Entry("budgets list -o csv"),
        Entry("budgets show client:test/day"),
        Entry("budgets remove client:test/day --dry-run --yes", .done("removed")),
        Entry("budgets rm client:test/day --yes", .done("removed"), .failed(4)),
        Entry("budgets clear all/total --if-exists --yes", .done("removed"), .done),
        Entry("budgets remove nosuch --yes", .failed(4)),
    ]

    static let quota = [
        Entry("quota list"), Entry("quotas list -o csv"), Entry("quota list --sort nosuch", .failed(64)),
        Entry("quota show a"), Entry("quota show nosuch", .failed(4)),
        Entry("quota set a --requests 5", .failed(64)),
        Entry("quota set a", .failed(64)),
        Entry("quota set a --requests 5 --window weekly", .failed(64)),
        Entry("quota set a --requests 5 --window daily --dry-run", .done("changed")),
        Entry("quota set a --requests 5 --window daily", .done("changed"), .done("unchanged")),
        Entry("quota set a --tokens 2k --window 90m", .done("changed"), .done("unchanged")),
        Entry("quota set a --requests none", .done("changed"), .done("unchanged")),
        Entry("quota set a --tokens none", .failed(64)),
        Entry("quota set a --tokens 5 --if-version 1", .failed(5)),
        Entry("quota set nosuch --requests 5 --window daily", .failed(4)),
        Entry("quota refresh a", .done("refreshed")),
        Entry("quota refresh nosuch", .failed(4)),
        Entry("quota clear a", .done("cleared"), .done("unchanged")),
        Entry("quota clear nosuch", .failed(4)),
        // The same under the name that goes with the other verbs of keys.
        Entry("keys quota set a --requests 7 --window daily", .done("changed"), .done("unchanged")),
        Entry("keys quota list"), Entry("keys quotas list -o csv"), Entry("keys quota show a"),
        Entry("keys quota refresh a", .done("refreshed")),
        Entry("keys quota clear a", .done("cleared"), .done("unchanged")),
    ]
}
