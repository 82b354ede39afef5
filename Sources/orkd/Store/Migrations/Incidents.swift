extension Migration {
    /// Which verdicts are one incident: the number of the first one's event.
    static let incidents = Migration(
        number: 8, name: "incidents",
        sql: """
            ALTER TABLE event ADD COLUMN incident INTEGER;
            CREATE INDEX event_of_incident ON event (incident) WHERE incident IS NOT NULL;
            """)
}
