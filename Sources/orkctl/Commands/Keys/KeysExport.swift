internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysExport: Verb {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write keys down, with all that is known about them.",
        discussion: """
            orkctl keys export --to keys.json
            orkctl keys export 'team-*' -o jsonl | gzip > team.gz
            orkctl keys export --secrets --to moving.json

            For another ork, or for this one later: state, counters, rests and quotas go with the
            keys. It is JSON, one document with a key on each line, or with -o jsonl the lines alone.
            Take it back with keys import --format json, or jsonl.

            Secrets are left out unless --secrets asks for them, and then are never shown on a
            terminal; each such page leaves a line in the audit trail. Whoever has that file can
            spend the money of every key in it.
            """)

    @Argument(
        help: ArgumentHelp("Names, ids, fingerprints, or globs of names; all when absent.", valueName: "key"),
        completion: Completions.keys)
    var names: [String] = []

    @Flag(help: "With the secrets.")
    var secrets = false

    @Option(
        help: ArgumentHelp("Write to a new file (0600) instead of the standard output.", valueName: "path"),
        completion: .file())
    var to: String?

    @OptionGroup(title: "Global options") var globals: Globals

    /// Keys of one call.
    private static let page = 500

    func run(in session: Session) throws {
        guard session.format == .table || session.format.isJSON else {
            throw CodedError(.usage, "an export is json or jsonl", hints: ["-o jsonl"])
        }
        let isShown = session.globals.showRequest
        if secrets, to == nil, session.out.isTerminal, !isShown {
            throw CodedError(
                .usage, "secrets are not shown on a terminal",
                hints: ["write them to a new file:   orkctl keys export --secrets --to keys.json"])
        }
        if secrets, to == nil, !isShown { session.warnOfReadableFile() }
        let file = try isShown ? nil : to.map { try NewFile(at: $0) }
        let count = try write(session) { text in
            if let file { try file.write(Array(text.utf8)) } else { try session.out.write(text) }
        }
        guard let file else { return }
        try file.keep()
        guard !session.globals.quiet else { return }
        try session.out.write(
            "\(count) \(count == 1 ? "key" : "keys") in \(file.path)\(secrets ? ", with secrets" : "")\n")
    }

    /// Page by page, so that memory does not grow with the pool.
    ///
    /// - Returns: how many keys there were.
    private func write(_ session: Session, to out: (String) throws -> Void) throws -> Int {
        let client = session.client()
        var query = KeyExportQuery()
        query.select = names.isEmpty ? nil : names
        query.secrets = secrets ? true : nil
        query.limit = Self.page
        let isDocument = session.format != .jsonl
        var count = 0
        repeat {
            let page: ListEnvelope<KeyExport> = try client.send(.keysExport, query)
            if isDocument, count == 0, query.cursor == nil {
                try out("{\"schema\":\"\(page.schema)\",\"items\":[")
            }
            for key in page.items {
                if isDocument { try out(count == 0 ? "\n" : ",\n") }
                let line = try JSONOutput.line(key)
                try out(isDocument ? String(line.dropLast()) : line)
                count += 1
            }
            // The same place twice would never end.
            query.cursor = page.next == query.cursor ? nil : page.next
        } while query.cursor != nil
        if isDocument { try out(count == 0 ? "]}\n" : "\n]}\n") }
        return count
    }
}
