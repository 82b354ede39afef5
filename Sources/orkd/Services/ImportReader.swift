internal import FoundationEssentials
import ORKit

/// Reads one key from one line of an import, in any of the formats.
struct ImportReader {
    /// What a line says about a key. Whatever it does not say comes from the
    /// import's options.
    struct Entry {
        /// Nil: a key of an export without secrets, which the pool may have.
        var secret: Secret?
        /// Nil: one is made up.
        var name: String?
        var provider: String?
        var account: String?
        var weight: Int?
        var tags: [String: String] = [:]
        var metadata: [String: String] = [:]
        /// What an export says besides.
        var kept: KeptKey?
    }

    enum Reading {
        case entry(Entry)
        /// A blank line, a comment, or the header of a table.
        case nothing
        case rejected(ErrorCode, String)
    }

    /// What tells an object of an export from one that somebody wrote.
    private static let mark = "fingerprint"
    private static let columns: Set<String> = [
        "name", "secret", "key", "provider", "account", "weight", "tags", "metadata",
    ]

    /// Nil until a line was understood.
    private var format: ImportOptions.Format?
    /// Of a CSV file; nil until its first line.
    private var header: [String]?

    init(format: ImportOptions.Format?) { self.format = format }

    /// - Throws: `bad-format` when the file as a whole cannot be read: a
    ///   header that names an unknown column.
    mutating func read(_ line: LineSplitter.Line) throws -> Reading {
        guard case .whole(let bytes) = line else {
            return .rejected(.badFormat, "longer than \(LineSplitter.limit / 1024) KiB")
        }
        let text = Self.trimmed(bytes)
        guard let first = text.first, first != UInt8(ascii: "#") else { return .nothing }
        guard format == nil else { return try reading(text) }
        // A line that is no key tells nothing about the lines after it: the
        // head of a binary file may hold a comma or begin with a brace.
        var reader = self
        reader.format = Self.guess(text)
        let reading = try reader.reading(text)
        if case .rejected = reading { return reading }
        self = reader
        return reading
    }

    private mutating func reading(_ text: UnsafeRawBufferPointer) throws -> Reading {
        do {
            switch format ?? .lines {
            case .lines: return .entry(try Self.entry(text))
            case .csv: return try readRow(text)
            case .jsonl: return .entry(try Self.object(text))
            case .json where text.first == UInt8(ascii: "\""):
                return .entry(Entry(secret: try Self.secret(JSONValue(Array(text))?.string)))
            case .json: return .entry(try Self.object(text))
            }
        } catch let refusal as Refused {
            return .rejected(refusal.code, refusal.message)
        } catch let error as CodedError where Self.isOfLine(error) {
            return .rejected(error.code, error.message)
        }
    }

    /// About what the line says, not about the file.
    private static func isOfLine(_ error: CodedError) -> Bool {
        [.badValue, .unknownField].contains(error.code)
    }

    private struct Refused: Error {
        var code = ErrorCode.badFormat
        var message: String
    }

    private static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        var rest = bytes[...]
        while let first = rest.first, isSpace(first) { rest.removeFirst() }
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return UnsafeRawBufferPointer(rebasing: rest)
    }

    private static func guess(_ text: UnsafeRawBufferPointer) -> ImportOptions.Format {
        if text.first == UInt8(ascii: "{") { return .jsonl }
        return text.contains(UInt8(ascii: ",")) ? .csv : .lines
    }

    private static func entry(_ text: UnsafeRawBufferPointer) throws -> Entry {
        // A row of a table or an object would pass for a long key.
        let (comma, quote, brace) = (UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "{"))
        if text.contains(where: { $0 == comma || $0 == quote || $0 == brace }) {
            throw Refused(message: "not a key: a comma, quote or brace among lines of keys")
        }
        if let objection = KeyFields.objection(toSecret: text) {
            throw Refused(message: "not a key: \(objection)")
        }
        return Entry(secret: Secret(text))
    }

    private static func secret(_ text: String?) throws -> Secret {
        guard let text, !text.isEmpty else { throw Refused(message: "there is no secret") }
        let secret = Secret(Array(text.utf8))
        if let objection = secret.withBytes({ KeyFields.objection(toSecret: $0) }) {
            throw Refused(message: "not a key: \(objection)")
        }
        return secret
    }

    // CSV

    /// A first line with a cell `secret` or `key` names the columns; without
    /// one they are name and secret.
    private mutating func readRow(_ text: UnsafeRawBufferPointer) throws -> Reading {
        guard let cells = CSVLine.cells(text) else { throw Refused(message: "not comma-separated text") }
        guard let header else {
            let names = cells.map { $0.lowercased() }
            guard names.contains("secret") || names.contains("key") else {
                self.header = ["name", "secret"]
                return try readRow(text)
            }
            guard Set(names).count == names.count, Self.columns.isSuperset(of: names) else {
                throw CodedError(
                    .badFormat, "the first line has a column that is unknown or there twice",
                    hints: ["columns: \(Self.columns.sorted().joined(separator: ", "))"])
            }
            self.header = names
            return .nothing
        }
        guard cells.count <= header.count else { throw Refused(message: "more cells than columns") }
        var values: [String: String] = [:]
        for (name, cell) in zip(header, cells) where !cell.isEmpty { values[name] = cell }
        var entry = Entry(secret: try Self.secret(values["secret"] ?? values["key"]))
        entry.name = try values["name"].map(KeyFields.name)
        entry.provider = try values["provider"].map(KeyFields.provider)
        entry.account = try values["account"].map(KeyFields.account)
        if let weight = values["weight"] {
            guard let number = Int(weight) else {
                throw Refused(code: .badValue, message: "the weight is no number")
            }
            entry.weight = try KeyFields.weight(number)
        }
        entry.tags = try Self.pairs(values["tags"], noun: "tag")
        entry.metadata = try Self.pairs(values["metadata"], noun: "metadata entry")
        return .entry(entry)
    }

    /// `k=v;k=v`
    private static func pairs(_ text: String?, noun: String) throws -> [String: String] {
        var pairs: [String: String?] = [:]
        for part in (text ?? "").split(separator: ";") {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else {
                throw Refused(code: .badValue, message: "a \(noun) must look like name=value")
            }
            pairs[String(halves[0])] = String(halves[1])
        }
        return try KeyFields.map([:], changed: pairs, noun: noun)
    }

    // JSON lines

    private static func object(_ line: UnsafeRawBufferPointer) throws -> Entry {
        guard case .object(let members) = JSONValue(Array(line)) else {
            throw Refused(message: "not a JSON object on one line; a whole document needs --format json")
        }
        if members.contains(where: { $0.name == mark }) { return try exported(line) }
        guard Set(members.map(\.name)).count == members.count else {
            throw Refused(message: "a field is there twice")
        }
        guard members.allSatisfy({ columns.contains($0.name) }) else {
            throw Refused(
                code: .unknownField,
                message: "an unknown field; known are \(columns.sorted().joined(separator: ", "))")
        }
        var fields: [String: JSONValue] = [:]
        for member in members where !member.value.isNull { fields[member.name] = member.value }
        func string(_ name: String) throws -> String? {
            guard let value = fields[name] else { return nil }
            guard let string = value.string else {
                throw Refused(code: .badValue, message: "the \(name) must be a string")
            }
            return string
        }
        var entry = Entry(secret: try secret(try string("secret") ?? string("key")))
        entry.name = try string("name").map(KeyFields.name)
        entry.provider = try string("provider").map(KeyFields.provider)
        entry.account = try string("account").map(KeyFields.account)
        if let weight = fields["weight"] {
            guard let number = weight.integer else {
                throw Refused(code: .badValue, message: "the weight must be a whole number")
            }
            entry.weight = try KeyFields.weight(Int(clamping: number))
        }
        entry.tags = try map(fields["tags"], noun: "tag")
        entry.metadata = try map(fields["metadata"], noun: "metadata entry")
        return entry
    }

    private static func exported(_ line: UnsafeRawBufferPointer) throws -> Entry {
        let export: KeyExport
        do {
            export = try StrictJSON.decode(KeyExport.self, from: line)
        } catch let error as CodedError where error.code == .badBody {
            // A number that no integer can be, for example.
            throw Refused(message: "not an object of an export")
        }
        var entry = Entry(secret: try export.secret.map { try secret($0) })
        entry.name = try KeyFields.name(export.name)
        entry.provider = try KeyFields.provider(export.provider)
        entry.account = try export.account.map(KeyFields.account)
        entry.weight = try KeyFields.weight(export.weight)
        entry.tags = try KeyFields.map([:], changed: export.tags.mapValues { $0 }, noun: "tag")
        entry.metadata = try KeyFields.map(
            [:], changed: export.metadata.mapValues { $0 }, noun: "metadata entry")
        entry.kept = try KeptKey(export)
        return entry
    }

    private static func map(_ value: JSONValue?, noun: String) throws -> [String: String] {
        guard let value else { return [:] }
        guard case .object(let members) = value else {
            throw Refused(code: .badValue, message: "the \(noun)s must be an object of strings")
        }
        var map: [String: String?] = [:]
        for member in members {
            guard let text = member.value.string else {
                throw Refused(code: .badValue, message: "a \(noun) must be a string")
            }
            map[member.name] = text
        }
        return try KeyFields.map([:], changed: map, noun: noun)
    }
}
