extension Migration {
    /// Who owns clients. Ids begin at 1: 0 is the house, which is in no row.
    static let users = Migration(
        number: 12, name: "users",
        sql: """
            CREATE TABLE user (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE,
                email TEXT,
                auth_method TEXT,
                enabled INTEGER NOT NULL,
                disabled_reason TEXT,
                metered INTEGER NOT NULL,
                subscription TEXT NOT NULL,
                trial_ends_at INTEGER,
                preferences TEXT,
                note TEXT,
                tags TEXT,
                added_at INTEGER NOT NULL,
                version INTEGER NOT NULL
            ) STRICT;
            """)
}
