import TOMLKit

/// One configuration file, flattened: `section.name` → value, with positions.
struct TOMLDocument: Sendable {
    struct Entry: Sendable {
        var path: [String]
        var value: RawValue
        var position: KeyIndex.Position

        var name: String { path.joined(separator: ".") }
    }

    /// In the order of the text. A table without anything in it is an entry
    /// of its own, so that a misspelt section is found.
    var entries: [Entry] = []
    private(set) var issues: [ConfigIssue] = []
    let path: String

    init(_ bytes: [UInt8], path: String) {
        self.path = path
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            issues = [ConfigIssue(Self.firstBadByte(bytes, path: path), "not UTF-8 text")]
            return
        }
        let index = KeyIndex(bytes)
        if let place = index.trap {
            issues = [
                ConfigIssue(
                    .file(path: path, line: place.line, column: place.column),
                    "not TOML: there is a character that cannot stand here")
            ]
            return
        }
        do {
            let table = try TOMLTable(string: text)
            collect(table, under: [], index: index)
            entries.sort { $0.position < $1.position }
        } catch let error as TOMLParseError {
            let place = SettingSource.file(
                path: path, line: error.source.begin.line, column: error.source.begin.column)
            issues = [ConfigIssue(place, "not TOML: " + Self.words(of: error.description))]
        } catch {
            issues = [ConfigIssue(.file(path: path, line: 1, column: 1), "not TOML")]
        }
    }

    private mutating func collect(_ table: TOMLTable, under path: [String], index: KeyIndex) {
        for (key, value) in table {
            let path = path + [key]
            if let inner = value.table, !inner.isEmpty {
                collect(inner, under: path, index: index)
            } else {
                entries.append(Entry(path: path, value: Self.raw(value), position: index.position(of: path)))
            }
        }
    }

    private static func raw(_ value: any TOMLValueConvertible) -> RawValue {
        if let text = value.string { return .text(text) }
        if let number = value.int { return .integer(Int64(number)) }
        if let truth = value.bool { return .boolean(truth) }
        if let list = value.array { return .list(list.map { raw($0) }) }
        return .other("a " + value.type.description)
    }

    /// The parser's words without the text it quotes, which may be anything.
    private static func words(of description: String) -> String {
        let clean = description.split(separator: "\n").first.map(String.init) ?? description
        let lowered = clean.lowercased()
        let secret = lowered.contains("sk-") || lowered.contains("gw_")
        return secret ? "unexpected text" : clean
    }

    private static func firstBadByte(_ bytes: [UInt8], path: String) -> SettingSource {
        var line = 1
        var column = 1
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator), scalar != "\0" {
            line += scalar == "\n" ? 1 : 0
            column = scalar == "\n" ? 1 : column + 1
        }
        return .file(path: path, line: line, column: column)
    }
}
