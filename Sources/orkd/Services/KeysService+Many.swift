internal import GRDB
import ORKit

extension KeysService {
    /// Writes the same change to every selected key, however many there are:
    /// in slices, so that the writer is never held for long and requests are
    /// recorded all the while. Each slice is on disk with its audit rows, then
    /// known to the engine, before the next begins; a few keys are one slice.
    /// Nobody else changes keys until all are done.
    ///
    /// - Parameters:
    ///   - select: finds the keys and refuses what must be refused before any
    ///     of them is changed.
    ///   - change: changes one key; adds one item to the outcome.
    func changeEach(
        _ order: Order, of select: @escaping @Sendable (Database, WallTime) throws -> [KeyRow],
        change: @escaping @Sendable (KeyRow, inout KeyOutcome, Database, WallTime) throws -> Void
    ) async throws -> Changes<KeyView> {
        changes(try await outcomeOfEach(order, of: select, change: change), at: clock())
    }

    /// The same, for whoever tells it in other words.
    func outcomeOfEach(
        _ order: Order, of select: @escaping @Sendable (Database, WallTime) throws -> [KeyRow],
        change: @escaping @Sendable (KeyRow, inout KeyOutcome, Database, WallTime) throws -> Void
    ) async throws -> KeyOutcome {
        let now = clock()
        return try await turns.take {
            let rows = try await store.read { try select($0, now.wall) }
            var whole = KeyOutcome()
            defer { if whole.dropsSecrets, !order.dryRun { store.journal.truncateLog() } }
            while whole.items.count < rows.count {
                let start = whole.items.count
                let slice: KeyOutcome
                do {
                    slice = try await store.transact(dryRun: order.dryRun) { db in
                        try Self.slice(of: rows, from: start) { row, outcome in
                            // Its account may have been learnt since it was selected.
                            let row = try KeyTable.row(db, id: row.id) ?? row
                            try change(row, &outcome, db, now.wall)
                        }
                    }
                } catch let error as CodedError where start > 0 && !order.dryRun {
                    throw error.after(start, of: rows.count)
                }
                if !order.dryRun { await publish(slice.pool) }
                whole.add(slice)
            }
            return whole
        }
    }

    /// Changes rows from `start` on until the time is up; one at least.
    private static func slice(
        of rows: [KeyRow], from start: Int, change: (KeyRow, inout KeyOutcome) throws -> Void
    ) rethrows -> KeyOutcome {
        let deadline = Monitor.now + KeyBatch.slice
        var outcome = KeyOutcome()
        for row in rows[start...] {
            try change(row, &outcome)
            // A clock is cheap, but not as cheap as a row.
            if outcome.items.count & 15 == 0, Monitor.now >= deadline { break }
        }
        return outcome
    }
}

extension KeyOutcome {
    /// What a later slice did; the engine has heard of it already.
    fileprivate mutating func add(_ slice: KeyOutcome) {
        items += slice.items
        warnings += slice.warnings
        dropsSecrets = dropsSecrets || slice.dropsSecrets
    }
}

extension CodedError {
    /// The same, of a change that has been made to a part: doing it again
    /// does the rest.
    fileprivate func after(_ done: Int, of all: Int) -> CodedError {
        CodedError(code, "after \(done) of \(all) keys: \(message)", hints: hints)
    }
}
