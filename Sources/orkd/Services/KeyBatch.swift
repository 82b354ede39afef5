internal import GRDB
import ORKit

/// Rows of an import on their way into the table.
struct KeyBatch: Sendable {
    enum Result: Sendable {
        case added
        /// In the pool before this import.
        case known
        case reactivated
        /// In the pool before; an export said what is known about it.
        case restored
        /// Added by this import already.
        case repeated
        case nameTaken
        /// Of an export: the pool that it names is not there.
        case poolUnknown
    }

    /// The writer is given back after this long, so that nothing else waits.
    static let slice: Int64 = 4_000_000

    var rows: [KeyRow]
    var drafts: [KeyDraft]
    /// Where they stand in the file.
    let lines: [Int]
    /// Names of these were made up and may be made up otherwise.
    var hasMadeUpName: [Bool]
    /// The first id of this import.
    let firstID: Int64
    /// The one of all rows that name none.
    let pool: PoolID
    /// And of those that do.
    let isPoolNamed: Bool
    let reactivate: Bool
    let restore: Bool
    let at: WallTime

    /// What one slice did.
    struct Progress: Sendable {
        var results: [Result] = []
        var outcome = KeyOutcome()
        var added: [KeyRecord] = []
    }

    /// Writes rows from `start` on until the time is up, with one audit row
    /// for all of them in the same transaction.
    ///
    /// One row tells as much as one a key would: the ids of an import are
    /// given out to it alone, so every key between the first and the last id
    /// was added by this transaction, and by nobody else. A key that was there
    /// and comes back has a row of its own.
    func write(
        from start: Int, _ service: KeysService, _ order: Order, _ db: Database
    ) throws -> Progress {
        let deadline = Monitor.now + Self.slice
        var progress = Progress()
        let pools = try PoolTable.rows(db)
        // It may have been removed since the import began.
        _ = try PoolFields.find(String(pool.raw), in: pools)
        let places = Places(
            accounts: try AccountTable.idsByName(db),
            pools: Dictionary(pools.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first }))
        var written = 0
        for index in start..<rows.count {
            progress.results.append(try write(index, places, into: &progress, service, order, db))
            // A clock is cheap, but not as cheap as a row, of which a key that was asked about has two.
            written += drafts[index].finding.quota == nil && drafts[index].kept == nil ? 1 : 2
            guard written >= 16 else { continue }
            written = 0
            if Monitor.now >= deadline { break }
        }
        if let first = progress.added.first, let last = progress.added.last {
            try AuditTable.append(
                "keys.import", "\(progress.added.count) keys", by: order.actor, at: at,
                after: [
                    "added": .number(Int64(progress.added.count)), "first_id": .number(first.id.raw),
                    "last_id": .number(last.id.raw),
                ], db)
            // In small pieces: each is one holding of the engine's lock.
            for start in stride(from: 0, to: progress.added.count, by: 8) {
                let piece = progress.added[start..<min(start + 8, progress.added.count)]
                progress.outcome.pool.append(.add(Array(piece)))
            }
        }
        return progress
    }

    /// Where keys may belong, by name.
    private struct Places {
        var accounts: [String: String]
        var pools: [String: PoolID]
    }

    private func write(
        _ index: Int, _ places: Places, into progress: inout Progress, _ service: KeysService,
        _ order: Order, _ db: Database
    ) throws -> Result {
        let draft = drafts[index]
        var row = rows[index]
        row.takeAccountID { places.accounts[$0] }
        if let kept = draft.kept, !isPoolNamed {
            if let pool = places.pools[kept.pool] {
                row.pool = pool
            } else if try KeyTable.row(db, fingerprint: row.fingerprint) == nil {
                return .poolUnknown
            }
        }
        if try !draft.insert(row, db) {
            if let known = try KeyTable.row(db, fingerprint: row.fingerprint) {
                if known.id.raw >= firstID, known.id != row.id { return .repeated }
                if restore, let kept = draft.kept {
                    let isNews = try service.restore(
                        known, kept.facts, into: &progress.outcome, order, at: at, db)
                    return isNews ? .restored : .known
                }
                guard reactivate, service.isOut(known) else { return .known }
                try service.readd(
                    known, named: known.name, draft.finding, into: &progress.outcome, "import", order, at: at,
                    db)
                return .reactivated
            }
            guard hasMadeUpName[index] else { return .nameTaken }
            row.name += "-" + row.fingerprint.short
            guard try draft.insert(row, db) else { return .nameTaken }
        }
        progress.added.append(draft.record(row))
        return .added
    }
}
