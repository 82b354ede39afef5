extension Migration {
    /// The ledger: the postings of one commit in one row, each row linked to
    /// the one before by a digest, and what they add up to at some row: by
    /// user, and by hour and day for whatever usage is asked about.
    static let ledger = Migration(
        number: 10, name: "ledger",
        sql: """
            CREATE TABLE ledger (
                sequence INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                count INTEGER NOT NULL,
                body BLOB NOT NULL,
                link BLOB NOT NULL
            ) STRICT;

            CREATE TABLE ledger_block (
                last INTEGER PRIMARY KEY,
                first INTEGER NOT NULL,
                since INTEGER NOT NULL,
                until INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE ledger_sums (
                id INTEGER PRIMARY KEY CHECK (id = 0),
                sequence INTEGER NOT NULL,
                link BLOB NOT NULL,
                given INTEGER NOT NULL,
                spent INTEGER NOT NULL,
                open BLOB NOT NULL
            ) STRICT;

            CREATE TABLE model_name (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE
            ) STRICT;

            CREATE TABLE usage_hour (
                subject INTEGER NOT NULL,
                hour INTEGER NOT NULL,
                id INTEGER NOT NULL,
                requests INTEGER NOT NULL,
                failed INTEGER NOT NULL,
                prompt INTEGER NOT NULL,
                completion INTEGER NOT NULL,
                cached INTEGER NOT NULL,
                cache_write INTEGER NOT NULL,
                reasoning INTEGER NOT NULL,
                cost_pico INTEGER NOT NULL,
                credits INTEGER NOT NULL,
                estimated INTEGER NOT NULL,
                unknown INTEGER NOT NULL,
                PRIMARY KEY (subject, hour, id)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE usage_day (
                subject INTEGER NOT NULL,
                day INTEGER NOT NULL,
                id INTEGER NOT NULL,
                requests INTEGER NOT NULL,
                failed INTEGER NOT NULL,
                prompt INTEGER NOT NULL,
                completion INTEGER NOT NULL,
                cached INTEGER NOT NULL,
                cache_write INTEGER NOT NULL,
                reasoning INTEGER NOT NULL,
                cost_pico INTEGER NOT NULL,
                credits INTEGER NOT NULL,
                estimated INTEGER NOT NULL,
                unknown INTEGER NOT NULL,
                PRIMARY KEY (subject, day, id)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE balance (
                user_id INTEGER PRIMARY KEY,
                free INTEGER NOT NULL,
                held INTEGER NOT NULL
            ) STRICT;
            """)
}
