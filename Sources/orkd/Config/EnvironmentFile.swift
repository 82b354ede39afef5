/// A `.env` file: `NAME=value` lines, as docker compose and dotenv read them.
///
/// `export` in front, blank lines and `#` comments are allowed. In single
/// quotes everything stands for itself; in double quotes `\n`, `\t`, `\"` and
/// `\\` are escapes; without quotes the value ends before ` #`. Nothing is
/// expanded. Messages never quote a line: it may hold a secret.
enum EnvironmentFile {
    static func parse(_ text: String, path: String) -> (
        variables: [EnvironmentLayer.Variable], issues: [ConfigIssue]
    ) {
        var variables: [EnvironmentLayer.Variable] = []
        var issues: [ConfigIssue] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            var rest = line.drop(while: \.isWhitespace)
            if rest.first == "\u{FEFF}" { rest.removeFirst() }
            if rest.isEmpty || rest.first == "#" { continue }
            if rest.hasPrefix("export ") { rest = rest.dropFirst(7).drop(while: \.isWhitespace) }
            let here = SettingSource.environmentFile(path: path, line: index + 1, name: "")
            let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            rest = rest.dropFirst(name.count).drop(while: \.isWhitespace)
            guard !name.isEmpty, name.first?.isNumber == false, rest.first == "=" else {
                issues.append(ConfigIssue(here, "expected NAME=value"))
                continue
            }
            guard let value = value(of: rest.dropFirst().drop(while: \.isWhitespace)) else {
                issues.append(ConfigIssue(here, "the quotes of \(name) are not closed, or text follows them"))
                continue
            }
            variables.append(
                .init(
                    name: String(name), value: value,
                    source: .environmentFile(path: path, line: index + 1, name: String(name))))
        }
        return (variables, issues)
    }

    private static func value(of text: Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            return unquoted(text)
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                let after = rest.drop(while: \.isWhitespace)
                return after.isEmpty || after.first == "#" ? value : nil
            }
            guard character == "\\", quote == "\"" else {
                value.append(character)
                continue
            }
            switch rest.popFirst() {
            case "n": value.append("\n")
            case "t": value.append("\t")
            case let escaped?: value.append(escaped)
            case nil: return nil
            }
        }
        return nil
    }

    private static func unquoted(_ text: Substring) -> String {
        var value = ""
        for character in text {
            if character == "#", value.isEmpty || value.last?.isWhitespace == true { break }
            value.append(character)
        }
        while value.last?.isWhitespace == true { value.removeLast() }
        return value
    }
}
