internal import ArgumentParser
import FoundationEssentials

/// The commands, options and values that the parser knows, by its own
/// description of itself.
struct CommandTree: Decodable {
    let commandName: String
    let aliases: [String]?
    let shouldDisplay: Bool
    let subcommands: [CommandTree]?
    let arguments: [Argument]?

    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        enum Kind: String, Decodable { case positional, option, flag }

        let kind: Kind
        let names: [Name]?
        let isRepeating: Bool
        let shouldDisplay: Bool
        let completionKind: Values?

        var longNames: [String] {
            (names ?? []).filter { $0.kind == "long" }.map { "--" + $0.name }
        }

        func isCalled(_ word: String) -> Bool {
            (names ?? []).contains { ($0.kind == "long" ? "--" : "-") + $0.name == word }
        }
    }

    /// What an argument's value may be; of several forms, the one that is
    /// there.
    struct Values: Decodable {
        struct List: Decodable { let values: [String] }
        struct Nothing: Decodable {}

        let list: List?
        let file: Nothing?
        let directory: Nothing?
        let custom: Nothing?
    }

    var isLeaf: Bool { children.isEmpty }
    /// The parser's own `help` included.
    var children: [CommandTree] { subcommands ?? [] }

    func child(named word: String) -> CommandTree? {
        children.first { $0.commandName == word || $0.aliases?.contains(word) ?? false }
    }

    static func load() -> CommandTree? {
        struct Dump: Decodable { let command: CommandTree }
        return try? JSONDecoder().decode(Dump.self, from: Data(Orkctl._dumpHelp().utf8)).command
    }
}
