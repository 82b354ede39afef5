extension Migration {
    /// What the upstream last said about its models. A column of prices holds
    /// whole numbers of 10⁻¹² USD with a space between them; -1 is unknown.
    static let models = Migration(
        number: 11, name: "models",
        sql: """
            CREATE TABLE model (
                id TEXT PRIMARY KEY,
                slug TEXT,
                name TEXT NOT NULL,
                context INTEGER,
                longest_answer INTEGER,
                long_from INTEGER,
                prices TEXT NOT NULL,
                dearest TEXT NOT NULL,
                dearest_long TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE model_list (
                number INTEGER PRIMARY KEY CHECK (number = 1),
                at INTEGER NOT NULL,
                unread INTEGER NOT NULL
            ) STRICT;
            """)
}
