extension Migration {
    /// What users, clients, keys, pools, or all together may cost in a period,
    /// what was spent of it, and the clock that periods are measured by. Amounts in
    /// 10⁻¹² USD.
    static let budgets = Migration(
        number: 17, name: "budgets",
        sql: """
            CREATE TABLE budget (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                subject TEXT NOT NULL,
                subject_id INTEGER NOT NULL,
                period TEXT NOT NULL,
                most INTEGER NOT NULL,
                zone TEXT NOT NULL,
                hard INTEGER NOT NULL,
                warnings TEXT NOT NULL,
                version INTEGER NOT NULL,
                UNIQUE (subject, subject_id, period)
            ) STRICT;
            CREATE TABLE budget_use (
                budget_id INTEGER PRIMARY KEY,
                first INTEGER NOT NULL,
                last INTEGER,
                began INTEGER NOT NULL,
                spent INTEGER NOT NULL,
                warned INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE budget_clock (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                wall INTEGER NOT NULL,
                steady INTEGER NOT NULL
            ) STRICT;
            """)
}
