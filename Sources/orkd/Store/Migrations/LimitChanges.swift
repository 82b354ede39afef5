extension Migration {
    /// What was counted of limits since their use was last written as a whole
    /// goes with the rows of the ledger; and the last row before that writing.
    static let limitChanges = Migration(
        number: 20, name: "limit-changes",
        sql: """
            ALTER TABLE ledger ADD COLUMN limits BLOB;
            CREATE TABLE limit_use_row (
                id INTEGER PRIMARY KEY CHECK (id = 0),
                sequence INTEGER NOT NULL
            ) STRICT;
            INSERT INTO limit_use_row (id, sequence) SELECT 0, coalesce(max(sequence), 0) FROM ledger;
            """)
}
