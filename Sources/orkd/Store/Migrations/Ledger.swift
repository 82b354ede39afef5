extension Migration {
    /// The ledger: the postings of one commit in one row, each row linked to
    /// the one before by a digest, and what they add up to at some row.
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
            CREATE INDEX ledger_by_time ON ledger (at);

            CREATE TABLE ledger_sums (
                id INTEGER PRIMARY KEY CHECK (id = 0),
                sequence INTEGER NOT NULL,
                link BLOB NOT NULL,
                given INTEGER NOT NULL,
                spent INTEGER NOT NULL,
                open BLOB NOT NULL
            ) STRICT;

            CREATE TABLE balance (
                user_id INTEGER PRIMARY KEY,
                free INTEGER NOT NULL,
                held INTEGER NOT NULL
            ) STRICT;
            """)
}
