extension Migration {
    /// What the upstream's refusals said about the limits that they enforced.
    static let limits = Migration(
        number: 9, name: "limits",
        sql: """
            CREATE TABLE upstream_limit (
                key_id INTEGER NOT NULL,
                rule TEXT NOT NULL,
                at INTEGER NOT NULL,
                most INTEGER,
                left INTEGER,
                reset INTEGER,
                PRIMARY KEY (key_id, rule)
            ) STRICT, WITHOUT ROWID;
            """)
}
