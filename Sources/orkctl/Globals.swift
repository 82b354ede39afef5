internal import ArgumentParser

/// The options that every command has; they may stand anywhere on the line.
struct Globals: ParsableArguments {
    @Option(help: ArgumentHelp("The control socket of orkd.", valueName: "path"), completion: .file())
    var socket: String?

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp("table, wide, json, jsonl, csv, tsv or name.", valueName: "format"))
    var output: Format?

    @Flag(name: .shortAndLong, help: "Lists: names only. Changes: no text. Errors stay.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say which calls were made and how long they took.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Agree to this command's question.")
    var yes = false

    @Flag(name: [.customShort("n"), .long], help: "Let the daemon do everything but the change.")
    var dryRun = false

    @Flag(help: "Never ask; fail with what is missing.")
    var noInput = false

    @Option(help: ArgumentHelp("auto, always or never.", valueName: "when"))
    var color: ColorChoice = .auto

    @Flag(help: "The same as --color never.")
    var noColor = false

    @Flag(help: "Never page through long tables.")
    var noPager = false

    @Option(help: ArgumentHelp("For the whole command, such as 30s.", valueName: "duration"))
    var timeout: Span?

    @Flag(help: "Print the call as a curl line and do nothing.")
    var showRequest = false
}
