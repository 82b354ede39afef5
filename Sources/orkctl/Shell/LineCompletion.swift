internal import ArgumentParser

/// What may stand at the cursor of a line: commands, options, and values,
/// live names among them. Knows nothing that the parser does not know.
struct LineCompletion {
    /// Words that only the shell has.
    static let ownWords = ["exit", "quit"]

    struct Answer: Equatable {
        var words: [String] = []
        /// Names of files are wanted.
        var wantsFiles = false
        /// More follows the word: no space after it.
        var isOpen: Bool { words.count == 1 && words[0].hasSuffix("=") }
    }

    private let tree: CommandTree

    init(_ tree: CommandTree) { self.tree = tree }

    /// - Parameters:
    ///   - before: the words before the one at the cursor.
    ///   - text: of the word at the cursor, as far as it is there.
    func answer(before: [String], text: String) -> Answer {
        var words = before[...]
        if words.first == "orkctl" { words = words.dropFirst() }
        var node = tree
        var path: [String] = []
        while !node.isLeaf, let word = words.first {
            if let count = Invocation.globalOption(word) {
                words = words.dropFirst(count)
            } else if let child = node.child(named: word) {
                node = child
                path.append(child.commandName)
                words = words.dropFirst()
            } else {
                return Answer()
            }
        }
        // `help keys add`: the rest names a command.
        if path.first == "help" { return help(words, text) }
        guard node.isLeaf else {
            let own = path.isEmpty ? Self.ownWords : []
            let names = node.children.filter(\.shouldDisplay).map(\.commandName) + own
            return Answer(words: names.filter { $0.hasPrefix(text) }.sorted())
        }
        return argument(of: node, path, words, before, text)
    }

    private func help(_ words: ArraySlice<String>, _ text: String) -> Answer {
        var node = tree
        for word in words {
            guard let child = node.child(named: word) else { return Answer() }
            node = child
        }
        let names = node.children.filter { $0.shouldDisplay && $0.commandName != "help" }.map(\.commandName)
        return Answer(words: names.filter { $0.hasPrefix(text) }.sorted())
    }

    private func argument(
        of node: CommandTree, _ path: [String], _ words: ArraySlice<String>, _ before: [String],
        _ text: String
    ) -> Answer {
        let arguments = node.arguments ?? []
        let isPlain = words.contains("--")
        func option(_ word: String) -> CommandTree.Argument? {
            arguments.first { $0.kind == .option && $0.isCalled(word) }
        }
        if !isPlain, let last = words.last, let named = option(last) {
            return values(of: named, last, path, before, text)
        }
        if !isPlain, text.hasPrefix("-") {
            if let equals = text.firstIndex(of: "="), let named = option(String(text[..<equals])) {
                let name = String(text[..<equals])
                let value = String(text[text.index(after: equals)...])
                var answer = values(of: named, name, path, before, value)
                answer.words = answer.words.map { "\(name)=\($0)" }
                answer.wantsFiles = false
                return answer
            }
            let names = arguments.filter { argument in
                argument.shouldDisplay && (argument.isRepeating || !words.contains(where: argument.isCalled))
            }.flatMap(\.longNames)
            return Answer(words: names.filter { $0.hasPrefix(text) }.sorted())
        }
        let positionals = arguments.filter { $0.kind == .positional }
        var given = 0
        var isValue = false
        for word in words.prefix(while: { $0 != "--" }) {
            if isValue {
                isValue = false
            } else if word.hasPrefix("-"), word.count > 1 {
                isValue = option(word) != nil
            } else {
                given += 1
            }
        }
        if let mark = words.firstIndex(of: "--") { given += words[mark...].count - 1 }
        guard let place = given < positionals.count ? given : positionals.indices.last,
            given < positionals.count || positionals[place].isRepeating
        else { return Answer() }
        var answer = values(of: positionals[place], "positional@\(place)", path, before, text)
        // What is there already is hardly wanted once more.
        answer.words.removeAll { words.contains($0) }
        return answer
    }

    private func values(
        of argument: CommandTree.Argument, _ name: String, _ path: [String], _ before: [String],
        _ text: String
    ) -> Answer {
        guard let kind = argument.completionKind else { return Answer() }
        if let list = kind.list { return Answer(words: list.values.filter { $0.hasPrefix(text) }.sorted()) }
        if kind.file != nil || kind.directory != nil { return Answer(wantsFiles: true) }
        guard kind.custom != nil else { return Answer() }
        // The same closures as for bash, asked in the same way.
        let words = ["orkctl"] + before + [text]
        let question =
            ["---completion"] + path + ["--", name, String(words.count - 1), String(text.utf8.count)] + words
        do {
            _ = try Orkctl.parseAsRoot(question)
            return Answer()
        } catch {
            guard Orkctl.exitCode(for: error) == .success else { return Answer() }
            let lines = Orkctl.fullMessage(for: error).split(separator: "\n").map(String.init)
            return Answer(words: lines.filter { $0.hasPrefix(text) })
        }
    }
}
