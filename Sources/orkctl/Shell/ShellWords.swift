internal import ORKit

/// A line as words, quoted as in a POSIX shell: '…' is literal, in "…" and
/// outside a backslash takes the meaning from the next character. Nothing is
/// expanded: no variables, no globs, no commands.
enum ShellWords {
    /// - Throws: `usage` when a quotation has no end.
    static func split(_ line: String) throws -> [String] {
        let (words, open) = read(line)
        guard open == nil else {
            throw CodedError(.usage, "a quotation has no end", hints: ["close it with:   \(open ?? "\"")"])
        }
        return words
    }

    /// The same for a line that is still being typed.
    static func begun(_ line: String) -> [String] { read(line).words }

    private static func read(_ line: String) -> (words: [String], open: String?) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                isEscaped = false
                // Inside "…" only these have a meaning to lose.
                if quote == "\"", character != "\"", character != "\\" { word?.append("\\") }
                word = (word ?? "") + String(character)
            } else if character == "\\", quote != "'" {
                isEscaped = true
                word = word ?? ""
            } else if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let whole = word { words.append(whole) }
                word = nil
            } else if character == "#", word == nil {
                break
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let whole = word { words.append(whole) }
        return (words, isEscaped ? "\\" : quote.map(String.init))
    }
}
