internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysImport: Verb {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add many keys from files or stdin.",
        discussion: """
            orkctl keys import keys.txt --dry-run
            orkctl keys import keys.csv --rejects bad.csv
            orkctl keys import keys.txt --check --pool free
            zcat keys.gz | orkctl keys import -
            orkctl keys import keys.json --format json --restore

            One secret a line, CSV (name,secret[,account,tags]) or JSON lines. Blank lines and
            lines with # in front are passed over. Keys that are there already are left as they
            are, so the same file can be imported again. Exits 3 when a line was rejected.

            With --check, keys that can serve nobody are rejected: those that the upstream does not
            know, that have expired, and management keys. Of the others it is kept what the upstream
            says: the account, the limit and what is left of it.

            What keys export has written can be imported as jsonl or, as one document, as json: new
            keys get the state and the counters that they had, keys that are there do with --restore.
            """)

    @Argument(help: ArgumentHelp("Files; - is stdin.", valueName: "file"), completion: .file())
    var files: [String]

    @Option(help: ArgumentHelp("lines, csv, jsonl or json; by content when absent.", valueName: "form"))
    var format: ImportFormat?

    @Option(help: ArgumentHelp("The provider of all of them.", valueName: "name"))
    var provider: String?

    @Option(
        help: ArgumentHelp("The account of all of them.", valueName: "name"),
        completion: Completions.accounts)
    var account: String?

    @Option(
        help: ArgumentHelp("The pool of all of them; the first when absent.", valueName: "pool"),
        completion: Completions.pools)
    var pool: String?

    @Option(
        name: [.customLong("tag"), .customLong("tags")],
        help: ArgumentHelp("A tag for all of them (repeatable, or with commas).", valueName: "name=value"))
    var tags: [String] = []

    @Option(help: ArgumentHelp("Front of names that are made; imported- when absent.", valueName: "text"))
    var prefix: String?

    @Flag(help: "Bring back keys that are there already and were deactivated.")
    var reactivate = false

    @Flag(help: "Ask the upstream about each key.")
    var check = false

    @Flag(help: "Give keys that are there already the state and the counters of an export.")
    var restore = false

    @Option(
        help: ArgumentHelp("Write rejected lines to a new file (0600).", valueName: "path"),
        completion: .file())
    var rejects: String?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if files.contains("-"), files.count > 1 { throw ValidationError("- stands alone") }
        guard rejects != nil else { return }
        if format == .json { throw ValidationError("--rejects is for lines; a document has none") }
        if files.contains("-") {
            throw ValidationError("--rejects needs a file that can be read again, not stdin")
        }
        if files.count > 1 { throw ValidationError("--rejects is for one file") }
    }

    func run(in session: Session) throws {
        let query = try self.query(session)
        var reports: [ImportReport] = []
        var wasInterrupted = false
        for file in files {
            let run = try ImportRun(file, rejects: rejects, session)
            let end = try run.perform(query: query)
            reports.append(end.report)
            wasInterrupted = !end.isWhole
            if wasInterrupted { break }
        }
        try ImportSummary.print(reports, session)
        if wasInterrupted { throw Ended(code: ErrorCode.interrupted.entry.exit) }
        if reports.contains(where: { $0.counts.rejected > 0 }) { throw Ended(code: ExitStatus.partial) }
    }

    private func query(_ session: Session) throws -> [QueryItem] {
        let pairs = try tags.flatMap { $0.split(separator: ",") }.map { text in
            guard let pair = Pair(argument: String(text)) else {
                throw CodedError(.usage, "--tag needs name=value")
            }
            return pair
        }
        var query: [QueryItem] = []
        if let format { query.append(QueryItem("format", format.rawValue)) }
        if let provider { query.append(QueryItem("provider", provider)) }
        if let account { query.append(QueryItem("account", account)) }
        if let pool { query.append(QueryItem("pool", pool)) }
        if let tags = try pairs.dictionary(option: "--tag") { query.append(QueryItem("tags", tags.listed)) }
        if let prefix { query.append(QueryItem("prefix", prefix)) }
        if reactivate { query.append(QueryItem("reactivate", "true")) }
        if check { query.append(QueryItem("check", "true")) }
        if restore { query.append(QueryItem("restore", "true")) }
        return query + session.changeQuery
    }
}

/// `--format` of an import.
enum ImportFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    case lines, csv, jsonl, json
}
