extension Migration {
    /// What was put on users' accounts and taken from them by somebody's order.
    /// The amounts are also in the ledger; this says who and why.
    static let credits = Migration(
        number: 15, name: "credits",
        sql: """
            CREATE TABLE movement (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,
                user_id INTEGER NOT NULL,
                credits INTEGER NOT NULL,
                reason TEXT NOT NULL,
                note TEXT,
                refunds INTEGER UNIQUE,
                idempotency_key TEXT UNIQUE,
                uid INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX movement_of_user ON movement (user_id, id);
            """)
}
