extension Migration {
    /// Settled requests of which the upstream is still to be asked what they
    /// cost: the settlement as a line of the ledger, since when, and when the
    /// next question is due. Derived from the ledger, row by row in its commit.
    static let inquiries = Migration(
        number: 16, name: "inquiries",
        sql: """
            CREATE TABLE inquiry (
                id INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                due INTEGER NOT NULL,
                tries INTEGER NOT NULL,
                body BLOB NOT NULL
            ) STRICT;
            CREATE INDEX inquiry_due ON inquiry (due);
            """)
}
