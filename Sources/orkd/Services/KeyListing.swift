internal import FoundationEssentials
internal import GRDB
import ORKit

/// `keys list` as SQL: conditions, order, and the place where a page begins.
struct KeyListing: Sendable {
    /// What can be sorted by, and the expression that never is null.
    private static let fields: [String: String] = [
        "name": "name", "id": "id", "added_at": "added_at", "provider": "provider", "weight": "weight",
        "account": "coalesce(account, '')", "attempts": "coalesce(attempts, 0)",
        "failures": "coalesce(failures, 0)",
        "cost": "coalesce(cost_pico, 0)", "latency": "coalesce(latency, 0)",
        "last_used_at": "coalesce(last_used_at, 0)",
    ]

    private let field: String
    private let descending: Bool
    private let conditions: [String]
    private let arguments: StatementArguments

    /// - Throws: `bad-value` for a field that keys cannot be sorted by.
    init(_ query: KeyQuery) throws {
        var name = query.sort ?? "name"
        descending = name.hasPrefix("-")
        if descending { name.removeFirst() }
        guard let field = Self.fields[name] else {
            throw CodedError(
                .badValue, "keys can be sorted by: \(Self.fields.keys.sorted().joined(separator: ", "))")
        }
        self.field = field
        var conditions: [String] = []
        var arguments = StatementArguments()
        if let provider = query.provider {
            conditions.append("provider = ?")
            arguments += [provider]
        }
        if let glob = query.name {
            conditions.append("name GLOB ?")
            arguments += [KeySelection.pattern(glob)]
        }
        for (tag, value) in query.tags.sorted(by: { $0.key < $1.key }) {
            conditions.append(
                "EXISTS (SELECT 1 FROM json_each(tags) AS tag WHERE tag.key = ? AND tag.value = ?)")
            arguments += [tag, value]
        }
        self.conditions = conditions
        self.arguments = arguments
    }

    var isFiltered: Bool { !conditions.isEmpty }

    func count(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM key WHERE \(condition)", arguments: arguments) ?? 0
    }

    /// - Parameter place: the last row of the page before.
    func rows(after place: Place?, limit: Int, _ db: Database) throws -> [(row: KeyRow, place: Place)] {
        let (sign, direction) = descending ? ("<", "DESC") : (">", "ASC")
        var arguments = arguments
        var condition = condition
        if let place {
            condition += " AND (\(field), id) \(sign) (?, ?)"
            arguments += [place.value, place.id]
        }
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(KeyTable.columns), \(field) FROM key LEFT JOIN key_facts ON key_id = id \
                WHERE \(condition) ORDER BY \(field) \(direction), id \(direction) LIMIT ?
                """, arguments: arguments + [limit])
        var rows: [(row: KeyRow, place: Place)] = []
        while let row = try cursor.next() {
            let key = try KeyTable.read(row)
            rows.append((key, Place(value: row[KeyTable.width] as DatabaseValue, id: key.id.raw)))
        }
        return rows
    }

    private var condition: String { conditions.isEmpty ? "1" : conditions.joined(separator: " AND ") }

    /// Where a page ended: the value that was sorted by, and the id.
    struct Place: Sendable {
        let value: DatabaseValue
        let id: Int64

        init(value: DatabaseValue, id: Int64) {
            self.value = value
            self.id = id
        }

        /// Opaque to whoever keeps it.
        var text: String {
            let word =
                switch value.storage {
                case .int64(let number): "i\(number)"
                case .double(let number): "d\(number.bitPattern)"
                case .string(let text): "s\(text)"
                case .blob, .null: "n"
                }
            return Data("\(id) \(word)".utf8).base64EncodedString().replacing("+", with: "-").replacing(
                "/", with: "_")
        }

        init?(_ text: String) {
            let coded = text.replacing("-", with: "+").replacing("_", with: "/")
            guard let data = Data(base64Encoded: coded), let plain = String(data: data, encoding: .utf8),
                let space = plain.firstIndex(of: " "), let id = Int64(plain[..<space])
            else { return nil }
            let word = plain[plain.index(after: space)...]
            switch word.first {
            case "i": value = (Int64(word.dropFirst())).map(\.databaseValue) ?? .null
            case "d":
                value = (UInt64(word.dropFirst()).map { Double(bitPattern: $0) })?.databaseValue ?? .null
            case "s": value = String(word.dropFirst()).databaseValue
            default: return nil
            }
            self.id = id
        }
    }
}
