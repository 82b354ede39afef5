internal import GRDB
import ORKit

/// What the fields of a user may hold.
enum UserFields {
    static func name(_ text: String) throws -> String {
        // A number would be an id, `none` is the word for no user.
        guard PlainText.isName(text), text != "none", Int64(text) == nil, !KeyFields.looksSecret(text) else {
            throw CodedError(
                .badValue,
                "a user's name has 1 to 64 letters, digits or . _ - @ + :, begins with a letter or digit and is no number"
            )
        }
        return text
    }

    /// One `@` between two texts without blanks. Whether somebody reads it,
    /// only a message to it tells.
    static func email(_ text: String) throws -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, (1...64).contains(parts[0].utf8.count),
            !parts[1].isEmpty, parts[1].first != ".", parts[1].last != ".",
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"<>()[]\\,;:\"".utf8.contains($0) })
        else { throw CodedError(.badValue, "email must be an address such as alice@example.com") }
        return text
    }

    static func authMethod(_ text: String) throws -> UserRow.AuthMethod {
        try word(text, "auth_method")
    }

    static func subscription(_ text: String) throws -> UserRow.Subscription {
        try word(text, "subscription")
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ text: String, _ field: String
    ) throws -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw CodedError(.badValue, "\(field) must be one of: \(words)")
        }
        return word
    }

    /// A duration from now or a time, which may be past: a trial can be ended.
    static func trialEnd(_ text: String, at now: WallTime) throws -> WallTime {
        let time = Int64(duration: text).map(now.advanced(byMilliseconds:)) ?? WallTime(rfc3339: text)
        guard let time else {
            throw CodedError(
                .badValue, "trial_ends must be a duration like 3d, a time like 2027-02-19T00:00:00Z, or none")
        }
        return time
    }

    /// How long a trial is when nothing is said.
    static let trial: Int64 = 3 * 86_400_000

    /// A JSON object, as it was written.
    static func preferences(_ text: String) throws -> String {
        let bytes = Array(text.utf8)
        guard bytes.count <= 16 << 10, case .object? = JSONValue(bytes), !KeyFields.looksSecret(text) else {
            throw CodedError(.badValue, "preferences must be a JSON object of at most 16 KiB")
        }
        return text
    }

    /// By name or id; `none` is the house.
    static func find(_ text: String, _ db: Database) throws -> UserID {
        if text == "none" { return .house }
        let id = Int64(text).map { UserID($0) }
        guard let row = try UserTable.row(db, name: text) ?? id.flatMap({ try UserTable.row(db, id: $0) })
        else {
            throw CodedError(.userNotFound, "there is no user “\(KeyFields.shown(text))”")
        }
        return row.id
    }

    /// The users that an operator names: by name, id, or a glob of names.
    ///
    /// - Returns: each once, in the order in which they were named.
    /// - Throws: `user-not-found` for a literal that names nothing, unless
    ///   `ifExists`.
    static func select(_ select: [String], ifExists: Bool = false, _ db: Database) throws -> [UserRow] {
        guard !select.isEmpty else { throw CodedError(.badValue, "name at least one user") }
        var found: [UserRow] = []
        var seen: Set<UserID> = []
        for text in select {
            let rows: [UserRow]
            if Glob.isGlob(text) {
                let glob = Glob(text)
                rows = try UserTable.rows(db, where: "1 ORDER BY name").filter { glob.matches($0.name) }
            } else if let row = try UserTable.row(db, name: text) {
                rows = [row]
            } else {
                rows = try Int64(text).flatMap { try UserTable.row(db, id: UserID($0)) }.map { [$0] } ?? []
                guard !rows.isEmpty || ifExists else {
                    throw CodedError(.userNotFound, "there is no user “\(KeyFields.shown(text))”")
                }
            }
            found += rows.filter { seen.insert($0.id).inserted }
        }
        return found
    }
}
