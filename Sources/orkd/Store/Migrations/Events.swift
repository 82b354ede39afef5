extension Migration {
    /// What happened and is in no other table: conditions that began and
    /// ended, starts and stops of the daemon.
    static let events = Migration(
        number: 2, name: "events",
        sql: """
            CREATE TABLE event (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,
                kind TEXT NOT NULL,
                severity TEXT NOT NULL,
                event TEXT NOT NULL,
                code TEXT,
                text TEXT NOT NULL
            ) STRICT;
            """)
}
