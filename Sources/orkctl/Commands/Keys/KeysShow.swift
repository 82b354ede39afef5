internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show everything about keys but their secrets.")

    @OptionGroup var keys: KeySelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let client = session.client()
        let rows: [KeyView] = try Selecting.all(keys.names, notFound: .keyNotFound) { query in
            try client.get(.keysList, query: query)
        }
        try Listing.keys.show(session, rows)
    }
}

/// The keys that a verb is about.
struct KeySelection: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Names, ids, fingerprints, or globs of names.", valueName: "key"),
        completion: Completions.keys)
    var names: [String]

    func validate() throws {
        if names.contains("") { throw ValidationError("a name is empty") }
    }

    var selection: Selection { Selection(select: names) }
}

/// Things asked for by name, in as many calls as it takes.
enum Selecting {
    /// Selectors of one call, so that its head stays far below every limit.
    private static let atOnce = 50

    static func all<Row: Codable & Sendable>(
        _ names: [String], notFound code: ErrorCode, _ fetch: ([QueryItem]) throws -> ListEnvelope<Row>
    ) throws -> [Row] {
        var rows: [Row] = []
        for start in stride(from: 0, to: names.count, by: atOnce) {
            let some = names[start..<min(start + atOnce, names.count)]
            var cursor: String?
            repeat {
                let page = try fetch(some.map { QueryItem("select", $0) } + QueryItem.page(1000, cursor))
                rows += page.items
                if page.next == cursor { break }
                cursor = page.next
            } while cursor != nil
        }
        if rows.isEmpty, let literal = names.first(where: { !Glob.isGlob($0) }) {
            throw CodedError(code, "there is no “\(literal)”")
        }
        return rows
    }
}
