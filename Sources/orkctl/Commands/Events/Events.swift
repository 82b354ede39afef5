// Events: what happened and what happens, line by line.
// Here: the verb, where the lines come from, how they are printed. Not here: what an event is (ORKit/Control).
// May import ArgumentParser, ORKit, ORKClient and Glibc.

internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct Events: Verb {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show what happened, and with --follow what happens.",
        discussion: """
            orkctl events --since -1h
            orkctl events -f --filter kind=key --filter severity!=info
            orkctl events -f --filter kind=verdict --filter key=main-1
            orkctl events --cursor-file ~/.ork-seen --filter severity=error -o jsonl
            """)

    @Flag(name: [.customShort("f"), .long], help: "Go on with what happens, until Ctrl-C.")
    var follow = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("From: -15m, today, '2026-11-21 14:00', RFC 3339.", valueName: "time"))
    var since: Moment?

    @Option(parsing: .unconditional, help: ArgumentHelp("Until, in the same forms.", valueName: "time"))
    var until: Moment?

    @Option(
        help: ArgumentHelp("Go on where this file says, and write there how far it was.", valueName: "path"),
        completion: .file())
    var cursorFile: String?

    @OptionGroup var rows: RowOptions
    @OptionGroup(title: "Global options") var globals: Globals

    /// Without `--since`, `--cursor-file` and `--limit`: a screenful.
    private static let few = 50
    private static let fewBeforeFollowing = 10

    func validate() throws {
        if follow, until != nil { throw ValidationError("--follow and --until exclude each other") }
        if cursorFile != nil, since != nil {
            throw ValidationError("--cursor-file and --since exclude each other")
        }
    }

    func run(in session: Session) throws {
        let session = session.listing
        guard !follow || session.format != .json else {
            throw CodedError(
                .usage, "what is followed has no end, so it is no JSON document",
                hints: ["one object a line:   -o jsonl"])
        }
        let now = session.human.now
        let file = cursorFile.map { CursorFile($0) }
        let begin = since?.resolved(at: now)
        var place = try file?.read()
        var printer = try EventPrinter(rows, session)
        let source = EventSource(session)

        let standard = follow ? Self.fewBeforeFollowing : Self.few
        // Whoever says where to begin wants all there is.
        let isBounded = rows.limit != nil || (begin == nil && place == nil && file == nil)
        var held = Newest<EventRecord>(isBounded ? rows.limit.map(\.count) ?? standard : nil)
        var query = EventSource.query(after: place, since: begin, until: until?.resolved(at: now))
        // The daemon can count, but it cannot filter.
        if query.isEmpty, let most = held.most, most > 0, most <= 10_000, !printer.filters {
            query.append(QueryItem("last", String(most)))
        }
        try source.history(query) { record in
            place = record.cursor
            guard printer.shows(record) else { return }
            if held.most == nil { try printer.print(record) } else { held.append(record) }
        }
        for record in held.rows { try printer.print(record) }
        guard follow else {
            try printer.end()
            if let place { try file?.write(place) }
            return
        }
        try session.out.flush()
        if let place { try file?.write(place) }
        try source.follow(after: place, since: now) { record in
            if printer.shows(record) {
                try printer.print(record)
                try session.out.flush()
            }
            // Only what was shown counts as seen.
            try file?.write(record.cursor)
        }
    }
}

/// The last so many of a sequence of any length.
private struct Newest<Row> {
    /// Nil: none is held back.
    let most: Int?
    private var ring: [Row] = []
    private var next = 0

    init(_ most: Int?) { self.most = most }

    mutating func append(_ row: Row) {
        guard let most, most > 0 else { return }
        if ring.count < most {
            ring.append(row)
        } else {
            ring[next] = row
            next = (next + 1) % most
        }
    }

    var rows: [Row] { Array(ring[next...] + ring[..<next]) }
}
