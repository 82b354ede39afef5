internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct Explain: Verb {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell why a request ended so, what would become of one, or what a code means.",
        discussion: """
            orkctl explain 1jq3k9x2m0a0r              the id is in the Ork-Request header
            orkctl explain --dry-run --client web --model openai/gpt-4o-mini
            orkctl explain all-keys-resting           works without the daemon
            orkctl explain --list                     all codes

            A dry run exits 2 when no key would serve.
            """)

    @Argument(
        help: ArgumentHelp("A request's id, or a code.", valueName: "id|code"), completion: Completions.codes)
    var subject: String?

    @Flag(help: "List all codes.")
    var list = false

    @Option(
        help: ArgumentHelp("Dry run: whose request; the pool is its own.", valueName: "client"),
        completion: Completions.clients)
    var client: String?

    @Option(help: ArgumentHelp("Dry run: the model that it names.", valueName: "model"))
    var model: String?

    @Option(
        help: ArgumentHelp("Dry run: a pool, for whatever client.", valueName: "pool"),
        completion: Completions.pools)
    var pool: String?

    @Option(
        name: .customLong("session"),
        help: ArgumentHelp("Dry run: the conversation, as the caller names it.", valueName: "id"))
    var conversation: String?

    @Option(
        help: ArgumentHelp("Dry run: what it wants of its key.", valueName: "objective"),
        completion: Completions.objectives)
    var objective: String?

    @Option(help: ArgumentHelp("Dry run: tokens of its prompt; tells what it would cost.", valueName: "n"))
    var promptTokens: Quantity?

    @Option(
        help: ArgumentHelp("Dry run: tokens of its answer; all that it can have when absent.", valueName: "n")
    )
    var completionTokens: Quantity?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        guard [list, subject != nil, globals.dryRun].count(where: { $0 }) == 1 else {
            throw ValidationError("give a request's id, a code, --list, or --dry-run")
        }
        let isAbout =
            [client, model, pool, conversation, objective].contains { $0 != nil } || promptTokens != nil
            || completionTokens != nil
        if isAbout, !globals.dryRun {
            throw ValidationError(
                "--client, --model, --pool, --session, --objective and counts of tokens need --dry-run")
        }
        if completionTokens != nil && promptTokens == nil || promptTokens != nil && model == nil {
            throw ValidationError("a cost needs --model and --prompt-tokens")
        }
        if client != nil, pool != nil {
            throw ValidationError("--client and --pool exclude each other: a client has its pool")
        }
    }

    func run(in session: Session) throws {
        if globals.dryRun { return try rehearse(session.listing) }
        if list { return try Listing.codes.print(ErrorCode.allCases.map(CodeView.init), session) }
        let subject = subject ?? ""
        if let code = ErrorCode(rawValue: subject) { return try explain(code, session) }
        guard let id = RequestID(subject) else {
            let near = Nearest.to(subject, in: ErrorCode.allCases.map(\.rawValue))
            throw CodedError(
                .codeUnknown, "“\(subject)” is neither a request's id nor a code",
                hints: near.map { ["did you mean:   orkctl explain \($0)"] })
        }
        let answer: ItemEnvelope<RequestView> = try session.client().get(.requestsShow, id: id.description)
        guard try !session.printed(answer, name: answer.item.id) else { return }
        try session.out.write(DecisionTrail(answer.item, session.style).text)
    }

    private func rehearse(_ session: Session) throws {
        let fields: [(String, String?)] = [
            ("client", client), ("model", model), ("pool", pool), ("session", conversation),
            ("objective", objective), ("prompt_tokens", promptTokens?.count.map(String.init)),
            ("completion_tokens", completionTokens?.count.map(String.init)),
        ]
        let query = fields.compactMap { name, value in value.map { QueryItem(name, $0) } }
        let answer: ItemEnvelope<RehearsalView> = try session.client().get(.explain, query: query)
        let view = answer.item
        if try !session.printed(answer, name: view.key ?? view.refusal?.code.rawValue ?? "") {
            try session.out.write(
                RehearsalStory(view, isOfConversation: conversation != nil, session).text)
        }
        if view.key == nil { throw Ended(code: ExitStatus.negative) }
    }

    private func explain(_ code: ErrorCode, _ session: Session) throws {
        let view = CodeView(code)
        guard try !session.printed(ItemEnvelope(schema: "ork.code/1", item: view), name: view.code.rawValue)
        else {
            return
        }
        if session.format == .csv || session.format == .tsv {
            return try Listing.codes.print([view], session)
        }
        let out = session.out
        try out.write("\(view.code.rawValue)   \(view.title)\n\n\(Width.wrapped(view.text, to: 79))\n")
        try out.write("scope \(view.scope.rawValue)   HTTP \(view.status)   exit \(view.exit)\n")
        for hint in view.hints { try out.write("  hint: \(hint)\n") }
    }
}

/// A catalogue entry as it is printed.
struct CodeView: Codable, Sendable {
    let code: ErrorCode
    let title: String
    let text: String
    let hints: [String]
    let scope: FailureScope
    let status: Int
    let exit: Int32

    init(_ code: ErrorCode) {
        self.code = code
        let entry = code.entry
        title = entry.title
        text = entry.text
        hints = entry.hints
        scope = entry.scope
        status = entry.status
        exit = entry.exit
    }
}

extension Listing<CodeView> {
    static let codes = Listing(
        noun: "codes", schema: "ork.codes/1",
        columns: [
            Column("code") { $0.code.rawValue },
            Column("scope") { $0.scope.rawValue },
            Column("status", number: true) { String($0.status) },
            Column("exit", number: true) { String($0.exit) },
            Column("title") { $0.title },
        ],
        name: { $0.code.rawValue })
}
