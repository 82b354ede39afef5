internal import GRDB
import ORKit

/// What is decided at run time and kept: one row per setting.
enum SettingTable {
    enum Name: String {
        case strategy
        /// Recognises the master key without telling it.
        case masterKeyCheck = "master-key-check"
    }

    static func value(_ name: Name, _ db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name.rawValue])
    }

    /// Writes a page and changes nothing: shows that it can be written.
    static func touch(_ db: Database) throws {
        try db.execute(sql: "UPDATE setting SET value = value")
    }

    static func put(_ name: Name, _ value: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            arguments: [name.rawValue, value])
    }
}
