extension Migration {
    /// Where the ledger begins once its oldest rows are gone: what they added
    /// up to, and the link that the first of the others follows. And how large
    /// the rows are, so that too many are noticed without reading them.
    static let checkpoint = Migration(
        number: 18, name: "checkpoint",
        sql: """
            CREATE TABLE ledger_checkpoint (
                id INTEGER PRIMARY KEY CHECK (id = 0),
                sequence INTEGER NOT NULL,
                link BLOB NOT NULL,
                newest INTEGER NOT NULL,
                lines INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                given INTEGER NOT NULL,
                spent INTEGER NOT NULL,
                open BLOB NOT NULL
            ) STRICT;

            CREATE TABLE checkpoint_balance (
                user_id INTEGER PRIMARY KEY,
                free INTEGER NOT NULL,
                held INTEGER NOT NULL
            ) STRICT;

            ALTER TABLE ledger_sums ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
            UPDATE ledger_sums SET bytes = coalesce(
                (SELECT sum(length(body) + 64) FROM ledger WHERE ledger.sequence <= ledger_sums.sequence), 0);
            """)
}
