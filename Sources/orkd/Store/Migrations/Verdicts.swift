extension Migration {
    /// What of a verdict is in no other table: a rest of one model changes no
    /// key's state.
    static let verdicts = Migration(
        number: 4, name: "verdicts",
        sql: """
            ALTER TABLE event ADD COLUMN key_id INTEGER;
            ALTER TABLE event ADD COLUMN rule TEXT;
            ALTER TABLE event ADD COLUMN scope TEXT;
            ALTER TABLE event ADD COLUMN cause TEXT;
            ALTER TABLE event ADD COLUMN model TEXT;
            ALTER TABLE event ADD COLUMN until INTEGER;
            ALTER TABLE event ADD COLUMN request INTEGER;
            """)
}
