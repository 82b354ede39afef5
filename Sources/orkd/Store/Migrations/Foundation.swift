extension Migration {
    /// The first schema. Times are milliseconds since 1970 in UTC; JSON
    /// columns hold objects of strings.
    static let foundation = Migration(
        number: 1, name: "foundation",
        sql: """
            CREATE TABLE migration (
                number INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE setting (
                name TEXT PRIMARY KEY, value TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE key (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE,
                provider TEXT NOT NULL,
                account TEXT,
                weight INTEGER NOT NULL,
                enabled INTEGER NOT NULL,
                disabled_reason TEXT,
                sealed BLOB NOT NULL,
                fingerprint BLOB NOT NULL UNIQUE,
                masked TEXT NOT NULL,
                checked INTEGER NOT NULL,
                tags TEXT,
                metadata TEXT,
                added_at INTEGER NOT NULL,
                version INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE key_facts (
                key_id INTEGER PRIMARY KEY,
                attempts INTEGER NOT NULL,
                successes INTEGER NOT NULL,
                failures INTEGER NOT NULL,
                rate_limited INTEGER NOT NULL,
                consecutive_failures INTEGER NOT NULL,
                prompt_tokens INTEGER NOT NULL,
                completion_tokens INTEGER NOT NULL,
                cost_pico INTEGER NOT NULL,
                last_used_at INTEGER,
                latency REAL,
                last_error TEXT,
                last_error_at INTEGER,
                state TEXT
            ) STRICT;

            CREATE TABLE key_transition (
                id INTEGER PRIMARY KEY,
                key_id INTEGER NOT NULL,
                at INTEGER NOT NULL,
                from_state TEXT NOT NULL,
                to_state TEXT NOT NULL,
                trigger TEXT NOT NULL,
                evidence TEXT,
                until INTEGER,
                request INTEGER
            ) STRICT;
            CREATE INDEX key_transition_of_key ON key_transition (key_id, id);

            CREATE TABLE client (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE,
                digest BLOB NOT NULL UNIQUE,
                environment TEXT NOT NULL,
                masked TEXT NOT NULL,
                permissions INTEGER NOT NULL,
                enabled INTEGER NOT NULL,
                disabled_reason TEXT,
                tags TEXT,
                note TEXT,
                expires_at INTEGER,
                added_at INTEGER NOT NULL,
                version INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE client_digest_grace (
                digest BLOB PRIMARY KEY,
                client_id INTEGER NOT NULL,
                valid_until INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE client_use (
                client_id INTEGER PRIMARY KEY,
                requests INTEGER NOT NULL,
                last_used_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE tombstone (
                kind TEXT NOT NULL,
                id INTEGER NOT NULL,
                name TEXT NOT NULL,
                masked TEXT NOT NULL,
                removed_at INTEGER NOT NULL,
                PRIMARY KEY (kind, id)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE request_batch (
                first_id INTEGER PRIMARY KEY,
                last_id INTEGER NOT NULL,
                count INTEGER NOT NULL,
                failed INTEGER NOT NULL,
                body BLOB NOT NULL
            ) STRICT;

            CREATE TABLE audit (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,
                uid INTEGER NOT NULL,
                gid INTEGER NOT NULL,
                pid INTEGER NOT NULL,
                verb TEXT NOT NULL,
                subject TEXT NOT NULL,
                before TEXT,
                after TEXT
            ) STRICT;
            """)
}
