extension Migration {
    /// What users and client keys may do in windows of time, and what was used
    /// of it. The clock that it is counted by is the row of nobody.
    static let clientLimits = Migration(
        number: 14, name: "client-limits",
        sql: """
            CREATE TABLE subject_limit (
                subject TEXT NOT NULL,
                subject_id INTEGER NOT NULL,
                requests_per_minute INTEGER,
                requests_per_hour INTEGER,
                requests_per_day INTEGER,
                tokens_per_minute INTEGER,
                tokens_per_hour INTEGER,
                tokens_per_day INTEGER,
                burst INTEGER,
                concurrency INTEGER,
                shadow INTEGER NOT NULL,
                version INTEGER NOT NULL,
                PRIMARY KEY (subject, subject_id)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE limit_use (
                subject TEXT NOT NULL,
                subject_id INTEGER NOT NULL,
                use BLOB NOT NULL,
                PRIMARY KEY (subject, subject_id)
            ) STRICT, WITHOUT ROWID;
            """)
}
