extension Migration {
    /// Who changed something over HTTP; which models each user asked for, and
    /// when last; the days of one user without those of all others.
    static let callers = Migration(
        number: 19, name: "callers",
        sql: """
            ALTER TABLE audit ADD COLUMN caller TEXT;
            CREATE TABLE user_model (
                id INTEGER PRIMARY KEY,
                user_id INTEGER NOT NULL,
                model_id INTEGER NOT NULL,
                requests INTEGER NOT NULL,
                last_at INTEGER NOT NULL,
                UNIQUE (user_id, model_id)
            ) STRICT;
            CREATE INDEX usage_day_by_id ON usage_day (subject, id, day);
            """)
}
