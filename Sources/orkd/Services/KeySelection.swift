internal import FoundationEssentials
internal import GRDB
import ORKit

/// Finds the keys that an operator names: by name, id, fingerprint, a unique
/// beginning of name or fingerprint, or a glob of names.
enum KeySelection {
    struct Finding: Sendable {
        /// Each once, in the order in which they were named.
        var rows: [KeyRow] = []
        /// Literals that name nothing.
        var missing: [String] = []
    }

    /// - Parameter byPrefix: whether the beginning of a name will do. Not for
    ///   removal: done twice, it would take `main` the first time and `main-2`
    ///   the second.
    /// - Throws: `key-not-found` for a literal that names nothing, unless
    ///   `ifExists`; `bad-value` for one that fits several.
    static func find(
        _ select: [String], byPrefix: Bool = true, ifExists: Bool = false, _ db: Database
    ) throws -> Finding {
        guard !select.isEmpty else { throw CodedError(.badValue, "name at least one key") }
        var finding = Finding()
        var seen: Set<KeyID> = []
        for text in select {
            let rows = try rows(text, byPrefix: byPrefix, db)
            if rows.isEmpty, !Glob.isGlob(text) {
                guard ifExists else {
                    throw CodedError(.keyNotFound, "there is no key “\(KeyFields.shown(text))”")
                }
                finding.missing.append(text)
            }
            finding.rows += rows.filter { seen.insert($0.id).inserted }
        }
        return finding
    }

    private static func rows(_ text: String, byPrefix: Bool, _ db: Database) throws -> [KeyRow] {
        if Glob.isGlob(text) {
            return try KeyTable.rows(db, where: "name GLOB ? ORDER BY name", [pattern(text)])
        }
        if let row = try KeyTable.row(db, name: text) { return [row] }
        if let id = Int64(text), let row = try KeyTable.row(db, id: KeyID(id)) { return [row] }
        var candidates: [KeyRow] = []
        if let (low, high) = fingerprintRange(text) {
            candidates = try KeyTable.rows(db, where: "fingerprint BETWEEN ? AND ? LIMIT 4", [low, high])
        }
        if byPrefix, !text.isEmpty {
            let known = Set(candidates.map(\.id))
            candidates += try KeyTable.rows(
                db, where: "name >= ?1 AND name < ?1 || char(0x10FFFF) ORDER BY name LIMIT 4", [text]
            ).filter { !known.contains($0.id) }
        }
        guard candidates.count < 2 else {
            let names = candidates.prefix(3).map(\.name).joined(separator: ", ")
            throw CodedError(
                .badValue,
                "“\(KeyFields.shown(text))” fits several keys: \(names)\(candidates.count > 3 ? ", …" : "")",
                hints: ["see them:   orkctl keys list"])
        }
        return candidates
    }

    /// SQLite also knows sets of characters, which no name of ours needs.
    static func pattern(_ glob: String) -> String { glob.replacing("[", with: "[[]") }

    /// All digests that begin with these hexadecimal digits: at least six,
    /// with or without `sha256:` in front.
    private static func fingerprintRange(_ text: String) -> (Data, Data)? {
        let digits = text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]
        guard (6...64).contains(digits.utf8.count) else { return nil }
        var low = [UInt8](repeating: 0, count: 32)
        var high = [UInt8](repeating: 0xFF, count: 32)
        for (place, digit) in digits.enumerated() {
            guard digit.isASCII, let value = digit.hexDigitValue.map({ UInt8($0) }) else { return nil }
            let shift: UInt8 = place.isMultiple(of: 2) ? 4 : 0
            low[place / 2] |= value << shift
            high[place / 2] = high[place / 2] & ~(0xF << shift) | value << shift
        }
        return (Data(low), Data(high))
    }
}
