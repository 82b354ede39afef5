internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ConfigCheck: Verb {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Let the daemon read a configuration file without applying it.",
        discussion: "Exits 2 when it is not valid. Without a daemon: orkd --check FILE.")

    @Argument(help: ArgumentHelp("The file; - is stdin.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup(title: "Global options") var globals: Globals

    /// A configuration is a few kilobytes.
    private static let longest = 1 << 20

    func run(in session: Session) throws {
        let text = try InputFile(file, session).readAll(atMost: Self.longest)
        let answer: ListEnvelope<ConfigFinding> = try session.client().send(.configCheck, text: text)
        let isQuiet = globals.quiet && session.format.isTable
        if answer.items.isEmpty, session.format.isTable {
            if !isQuiet { try session.out.write("valid\n") }
            return
        }
        if !isQuiet {
            if session.format.isTable {
                for finding in answer.items {
                    let place = "\(file):\(finding.line):\(finding.column)"
                    try session.out.write(Escaped.line("\(place): \(finding.message)") + "\n")
                    if let hint = finding.hint { try session.out.write("  hint: \(Escaped.line(hint))\n") }
                }
            } else {
                try Listing.findings(answer.schema).print(answer.items, session)
            }
        }
        if !answer.items.isEmpty { throw Ended(code: ExitStatus.negative) }
    }
}

extension Listing<ConfigFinding> {
    fileprivate static func findings(_ schema: String) -> Listing {
        Listing(
            noun: "findings", schema: schema,
            columns: [
                Column("line", number: true) { String($0.line) },
                Column("column", number: true) { String($0.column) },
                Column("message") { $0.message },
                Column("hint") { $0.hint },
            ],
            name: { String($0.line) })
    }
}
