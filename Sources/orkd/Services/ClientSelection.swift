internal import GRDB
import ORKit

/// Finds the clients that an operator names: by name, id, fingerprint, a
/// unique beginning of name or fingerprint, or a glob of names.
enum ClientSelection {
    /// - Parameter byPrefix: whether the beginning of a name will do. Not for
    ///   removal: done twice, it would take `web` the first time and `web-2`
    ///   the second.
    /// - Returns: each once, in the order in which they were named.
    /// - Throws: `client-not-found` for a literal that names nothing, unless
    ///   `ifExists`; `bad-value` for one that fits several.
    static func find(
        _ select: [String], byPrefix: Bool = true, ifExists: Bool = false, _ db: Database
    ) throws -> [ClientRow] {
        guard !select.isEmpty else { throw CodedError(.badValue, "name at least one client") }
        var found: [ClientRow] = []
        var seen: Set<ClientID> = []
        for text in select {
            let rows = try rows(text, byPrefix: byPrefix, db)
            guard !rows.isEmpty || Glob.isGlob(text) || ifExists else {
                throw CodedError(.clientNotFound, "there is no client “\(KeyFields.shown(text))”")
            }
            found += rows.filter { seen.insert($0.id).inserted }
        }
        return found
    }

    private static func rows(_ text: String, byPrefix: Bool, _ db: Database) throws -> [ClientRow] {
        if Glob.isGlob(text) {
            let glob = Glob(text)
            return try ClientTable.rows(db, where: "1 ORDER BY name").filter { glob.matches($0.name) }
        }
        if let row = try ClientTable.row(db, name: text) { return [row] }
        if let id = Int64(text), let row = try ClientTable.rows(db, where: "id = ?", [id]).first {
            return [row]
        }
        var candidates: [ClientRow] = []
        if let digits = fingerprint(text) {
            candidates = try ClientTable.rows(
                db, where: "substr(lower(hex(digest)), 1, length(?1)) = ?1", [digits])
        }
        if byPrefix, !text.isEmpty {
            let known = Set(candidates.map(\.id))
            candidates += try ClientTable.rows(
                db, where: "substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT 20", [text]
            ).filter { !known.contains($0.id) }
        }
        guard candidates.count < 2 else {
            let names = candidates.prefix(3).map(\.name).joined(separator: ", ")
            throw CodedError(
                .badValue,
                "“\(KeyFields.shown(text))” fits several clients: \(names)\(candidates.count > 3 ? ", …" : "")",
                hints: ["see them:   orkctl clients list"])
        }
        return candidates
    }

    /// At least six hexadecimal digits, with or without `sha256:` in front.
    private static func fingerprint(_ text: String) -> String? {
        let digits = text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]
        guard (6...64).contains(digits.utf8.count), digits.allSatisfy(\.isHexDigit) else { return nil }
        return digits.lowercased()
    }
}
