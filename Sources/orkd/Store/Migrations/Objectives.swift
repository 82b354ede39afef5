extension Migration {
    /// What a pool's keys are chosen by instead of its strategy.
    static let objectives = Migration(
        number: 6, name: "objectives", sql: "ALTER TABLE pool ADD COLUMN objective TEXT;")
}
