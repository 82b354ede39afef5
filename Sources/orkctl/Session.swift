import Glibc
internal import ORKClient
internal import ORKit

/// What one run of a command has at hand.
final class Session {
    let globals: Globals
    let format: Format
    let out: Console
    let diagnostics: Diagnostics
    let style: Style
    let human = Human(now: .current)
    private let mayPage: Bool

    /// How long calls may take when `--timeout` says nothing.
    static let patience: Duration = .seconds(10)
    /// The same where the daemon asks the upstream first.
    static let upstreamPatience: Duration = .seconds(60)

    /// - Parameter mayPage: whether somebody reads page by page.
    init(_ globals: Globals, path: [String], isJSON: Bool, mayPage: Bool = true) {
        self.globals = globals
        self.mayPage = mayPage && !globals.noPager
        out = Console(STDOUT_FILENO)
        let preset = Environment["ORKCTL_OUTPUT"].flatMap { Format(argument: $0) }
        format = globals.output ?? preset ?? .table
        diagnostics = Diagnostics(path: path, isJSON: isJSON)
        style = Style(choice: globals.color, noColor: globals.noColor, isTerminal: isatty(STDOUT_FILENO) == 1)
    }

    /// Whether somebody is there to answer a question.
    var mayAsk: Bool { !globals.noInput && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// The format of lists, which are names only with `-q`.
    var listing: Session {
        guard globals.quiet, globals.output == nil else { return self }
        return Session(self, format: .name)
    }

    /// - Parameter patience: without `--timeout`; nil for no limit.
    func client(patience: Duration? = Session.patience) -> ControlClient {
        let timeout = globals.timeout.map { Duration.milliseconds($0.milliseconds) } ?? patience
        let client = ControlClient(socket: SocketPath.find(globals.socket), timeout: timeout)
        client.isCancelled = { Interrupt.wasAsked }
        let (diagnostics, out) = (diagnostics, out)
        if globals.showRequest { client.showRequest = { try? out.write($0 + "\n") } }
        if globals.verbose {
            client.finished = { route, milliseconds in
                diagnostics.say("\(route.rawValue)   \(milliseconds) ms")
            }
        }
        if !globals.quiet {
            client.releaseDiffers = { release in
                diagnostics.say(
                    "\(diagnostics.speaker): warning: orkd is \(release), orkctl \(API.release)   [protocol-mismatch]"
                )
            }
        }
        return client
    }

    /// What every change says to the daemon.
    var changeQuery: [QueryItem] { globals.dryRun ? [QueryItem("dry_run", "true")] : [] }

    /// Prints a table, page by page for a person.
    func page(_ text: String) throws {
        guard out.isTerminal, mayPage else { return try out.write(text) }
        try Pager.show(text, on: out)
    }

    /// Prints one thing in the formats for programs.
    ///
    /// - Returns: false when it is for a person, who is then the caller's.
    func printed(_ envelope: ItemEnvelope<some Codable & Sendable>, name: @autoclosure () -> String) throws
        -> Bool
    {
        switch format {
        case .json: try out.write(JSONOutput.document(envelope))
        case .jsonl: try out.write(JSONOutput.line(envelope.item))
        case .name: try out.write(Escaped.line(name()) + "\n")
        case .table, .wide, .csv, .tsv: return false
        }
        return true
    }

    private init(_ other: Session, format: Format) {
        globals = other.globals
        out = other.out
        self.format = format
        diagnostics = other.diagnostics
        style = other.style
        mayPage = other.mayPage
    }
}
