extension Migration {
    /// What operators say about accounts, and who said whose a key is.
    ///
    /// Of keys that have an account already, the audit trail tells when the
    /// daemon learnt it; everything else counts as an operator's word, which
    /// nothing takes back but an operator.
    static let accounts = Migration(
        number: 5, name: "accounts",
        sql: """
            CREATE TABLE account (
                id TEXT PRIMARY KEY,
                name TEXT UNIQUE,
                note TEXT,
                since INTEGER NOT NULL,
                version INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            ALTER TABLE key ADD COLUMN account_learnt INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE key ADD COLUMN account_since INTEGER;
            UPDATE key SET account_since = added_at WHERE account IS NOT NULL;
            UPDATE key SET account_learnt = 1, account_since = learnt.at
            FROM (
                SELECT subject, json_extract(after, '$.account') AS account, max(at) AS at
                FROM audit WHERE verb = 'keys.account' GROUP BY 1, 2
            ) AS learnt
            WHERE learnt.subject = key.name AND learnt.account = key.account;
            CREATE INDEX key_of_account ON key (account, id);
            """)
}
