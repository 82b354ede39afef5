internal import GRDB
import ORKit

/// What is decided at run time and kept: one row per setting.
enum SettingTable {
    enum Name: String {
        case strategy
        /// Recognises the master key without telling it.
        case masterKeyCheck = "master-key-check"
        /// When the disk was last tried, milliseconds.
        case lastProbe = "last-probe"
    }

    static func value(_ name: Name, _ db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name.rawValue])
    }

    /// Shows that the database can be written. Each time something else, for
    /// SQLite writes no page that stays the same.
    static func touch(at now: WallTime, _ db: Database) throws {
        try put(.lastProbe, String(now.milliseconds), db)
    }

    static func put(_ name: Name, _ value: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            arguments: [name.rawValue, value])
    }
}
