// Migrations: the schema of the database, one file per step, forward only. Here: what each step does, in SQL.
// Not here: today's types; a migration must mean the same for ever, whatever the code becomes.
// May import GRDB and ORKit.

internal import GRDB
import ORKit

/// One step of the schema. Runs in one transaction together with its number.
struct Migration: Sendable {
    /// From 1, without gaps: what `PRAGMA user_version` says afterwards.
    let number: Int
    let name: String
    let sql: String

    /// Every step there is, in order. A shipped one is never changed.
    static let all: [Migration] = [
        .foundation, .events, .pools, .verdicts, .accounts, .objectives, .quotas, .incidents, .limits,
        .ledger, .models, .users, .clientFields, .clientLimits, .credits, .inquiries, .budgets,
        .checkpoint, .callers, .limitChanges,
    ]

    static var newest: Int { all.last?.number ?? 0 }

    /// Brings the database to the newest schema.
    ///
    /// - Parameter steps: other than `all` only in tests.
    static func migrate(_ db: Database, steps: [Migration] = all, at now: WallTime) throws {
        let current = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        for step in steps where step.number > current {
            try db.inTransaction(.immediate) {
                try db.execute(sql: step.sql)
                try db.execute(
                    sql: "INSERT INTO migration (number, name, at) VALUES (?, ?, ?)",
                    arguments: [step.number, step.name, now.milliseconds])
                try db.execute(sql: "PRAGMA application_id = \(FileExamination.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(step.number)")
                return .commit
            }
        }
    }
}
