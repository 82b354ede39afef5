extension Migration {
    /// Pools, and what of a key is a matter of its pool. The first pool is a
    /// row like the others, with an id that is given to no other.
    static let pools = Migration(
        number: 3, name: "pools",
        sql: """
            CREATE TABLE pool (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE,
                strategy TEXT,
                floor INTEGER,
                fallback INTEGER,
                note TEXT,
                added_at INTEGER NOT NULL,
                version INTEGER NOT NULL
            ) STRICT;
            INSERT INTO pool (id, name, added_at, version) VALUES (0, 'default', 0, 1);

            ALTER TABLE key ADD COLUMN pool INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE key ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE key ADD COLUMN max_in_flight INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE client ADD COLUMN pool INTEGER NOT NULL DEFAULT 0;
            """)
}
