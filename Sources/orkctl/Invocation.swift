internal import ArgumentParser
internal import ORKit

/// The command line, put in the order that the parser wants: the path of the
/// command, then all options. `orkctl -q status` is `orkctl status -q`.
struct Invocation {
    /// Names of the command's path, aliases resolved: `keys`, `list`.
    private(set) var path: [String] = []
    /// For the parser.
    private(set) var arguments: [String] = []

    private static let options: Set<String> = ["--socket", "-o", "--output", "--color", "--timeout"]
    private static let flags: Set<String> = [
        "--quiet", "--verbose", "--yes", "--dry-run", "--no-input", "--no-color", "--no-pager",
        "--show-request",
    ]
    /// May be given several times.
    private static let repeatable: Set<String> = [
        "--filter", "--state", "--select", "--tag", "--tags", "--meta", "--permission", "--class",
        "--allow-model", "--allow-endpoint", "--allow-ip", "--allow-referrer", "--warn-at",
    ]

    init(_ raw: [String], root: any ParsableCommand.Type) throws {
        if Self.isCompletion(raw) {
            arguments = raw
            return
        }
        try Self.refuseRepeated(raw)
        var node = root
        var leading: [String] = []
        var rest = raw[...]
        while !node.configuration.subcommands.isEmpty, let word = rest.first {
            if word == "help" {
                arguments = ["help"] + path + rest.dropFirst()
                return
            }
            if word.hasPrefix("-") {
                guard let count = Self.globalOption(word) else { break }
                leading += rest.prefix(count)
                rest = rest.dropFirst(count)
                continue
            }
            guard let child = node.child(named: word) else { throw Self.unknown(word, under: path, node) }
            path.append(child._commandName)
            node = child
            rest = rest.dropFirst()
        }
        let isLeaf = node.configuration.subcommands.isEmpty
        arguments = path + (isLeaf ? leading : []) + Self.valued(rest)
    }

    /// The parser's own requests, from completion scripts.
    static func isCompletion(_ raw: [String]) -> Bool { raw.first?.hasPrefix("---completion") ?? false }

    /// `--watch` with the value that it has when it stands alone, which the
    /// parser does not know of.
    private static func valued(_ words: ArraySlice<String>) -> [String] {
        let options = words.prefix { $0 != "--" }
        return options.map { $0 == "--watch" ? "--watch=\(WatchOption.standard)" : $0 }
            + words.dropFirst(options.count)
    }

    /// Whether results, and so errors, are wanted as JSON; found without the
    /// parser, because its own errors need the answer.
    static func wantsJSON(_ raw: [String]) -> Bool {
        var chosen = Environment["ORKCTL_OUTPUT"]
        for (index, word) in raw.enumerated() {
            if word == "--" { break }
            if word == "-o" || word == "--output" {
                chosen = index + 1 < raw.count ? raw[index + 1] : nil
            } else if word.hasPrefix("--output=") {
                chosen = String(word.dropFirst(9))
            } else if word.hasPrefix("-o"), word.count > 2 {
                chosen = String(word.dropFirst(2))
            }
        }
        return chosen.flatMap { Format(argument: $0) }?.isJSON ?? false
    }

    /// - Returns: how many words a global option takes; nil for other words.
    static func globalOption(_ word: String) -> Int? {
        if options.contains(word) { return 2 }
        if flags.contains(word) { return 1 }
        if let equals = word.firstIndex(of: "="), options.contains(String(word[..<equals])) { return 1 }
        if word.hasPrefix("-o"), word.count > 2 { return 1 }
        let isCluster =
            word.count > 1 && !word.hasPrefix("--") && word.dropFirst().allSatisfy { "qvyn".contains($0) }
        return isCluster ? 1 : nil
    }

    /// The parser would let the last one win without a word.
    private static func refuseRepeated(_ raw: [String]) throws {
        var seen: Set<Substring> = []
        for word in raw.prefix(while: { $0 != "--" }) where word.hasPrefix("--") {
            let name = word.prefix { $0 != "=" }
            guard !repeatable.contains(String(name)) else { continue }
            guard seen.insert(name).inserted else {
                throw CodedError(.usage, "\(name) is given twice", hints: [])
            }
        }
    }

    private static func unknown(_ word: String, under path: [String], _ node: any ParsableCommand.Type)
        -> CodedError
    {
        let words = (["orkctl"] + path).joined(separator: " ")
        let names = node.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map {
            $0._commandName
        }
        let near = Nearest.to(word, in: names + ["help"])
        return CodedError(
            .usage, "“\(word)” is not a command of \(words)",
            hints: [near.map { "did you mean:   \(words) \($0)" } ?? "see what there is:   \(words) --help"])
    }
}

extension ParsableCommand {
    /// The subcommand of that name or alias; no prefixes, no guesses.
    fileprivate static func child(named word: String) -> (any ParsableCommand.Type)? {
        configuration.subcommands.first { $0._commandName == word || $0.configuration.aliases.contains(word) }
    }
}
