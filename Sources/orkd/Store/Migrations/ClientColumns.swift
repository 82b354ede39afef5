extension Migration {
    /// Whose a client is, what it may ask for and from where, and how often.
    ///
    /// What used to be one permission to run models (1) becomes one for each
    /// kind of path (1, 16 to 1024); who had the standard set (1 and 2) may
    /// also see and change its user (2048, 4096).
    static let clientFields = Migration(
        number: 13, name: "client-fields",
        sql: """
            ALTER TABLE client ADD COLUMN user INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE client ADD COLUMN is_primary INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE client ADD COLUMN allow TEXT;
            ALTER TABLE client ADD COLUMN max_requests INTEGER;
            CREATE INDEX client_of_user ON client (user);
            CREATE UNIQUE INDEX primary_client_of_user ON client (user) WHERE is_primary = 1;
            UPDATE client SET permissions = permissions
                | CASE WHEN permissions & 1 THEN 2032 ELSE 0 END
                | CASE WHEN permissions & 3 = 3 THEN 6144 ELSE 0 END;

            CREATE TABLE client_count (
                serial INTEGER PRIMARY KEY AUTOINCREMENT,
                client_id INTEGER NOT NULL UNIQUE,
                taken INTEGER NOT NULL
            ) STRICT;
            """)
}
