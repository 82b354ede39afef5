extension Migration {
    /// What operators allow keys, what was used of it, and what the upstream
    /// said is left.
    static let quotas = Migration(
        number: 7, name: "quotas",
        sql: """
            ALTER TABLE key ADD COLUMN quota_requests INTEGER;
            ALTER TABLE key ADD COLUMN quota_tokens INTEGER;
            ALTER TABLE key ADD COLUMN quota_window TEXT;

            CREATE TABLE quota_use (
                key_id INTEGER PRIMARY KEY,
                width INTEGER NOT NULL,
                cells TEXT NOT NULL,
                phase TEXT NOT NULL,
                tokens_each REAL NOT NULL,
                since INTEGER
            ) STRICT;

            CREATE TABLE upstream_quota (
                key_id INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                limit_pico INTEGER,
                left_pico INTEGER,
                used_pico INTEGER,
                reset TEXT,
                free_limit INTEGER,
                free_used INTEGER,
                free_left INTEGER
            ) STRICT;
            """)
}
