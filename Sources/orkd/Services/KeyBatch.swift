internal import GRDB
import ORKit

/// Rows of an import on their way into the table.
struct KeyBatch: Sendable {
    enum Result: Sendable {
        case added
        /// In the pool before this import.
        case known
        case reactivated
        /// Added by this import already.
        case repeated
        case nameTaken
    }

    /// The writer is given back after this long, so that nothing else waits.
    static let slice: Int64 = 4_000_000

    var rows: [KeyRow]
    var drafts: [KeyDraft]
    /// Names of these were made up and may be made up otherwise.
    var hasMadeUpName: [Bool]
    /// The first id of this import.
    let firstID: Int64
    let reactivate: Bool
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
        for index in start..<rows.count {
            progress.results.append(try write(index, into: &progress, service, order, db))
            // A clock is cheap, but not as cheap as a row.
            if index & 15 == 15, Monitor.now >= deadline { break }
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

    private func write(
        _ index: Int, into progress: inout Progress, _ service: KeysService, _ order: Order, _ db: Database
    ) throws -> Result {
        var row = rows[index]
        if try !KeyTable.insert(row, db) {
            if let known = try KeyTable.row(db, fingerprint: row.fingerprint) {
                if known.id.raw >= firstID, known.id != row.id { return .repeated }
                guard reactivate, service.isOut(known) else { return .known }
                try service.readd(
                    known, named: known.name, into: &progress.outcome, "import", order, at: at, db)
                return .reactivated
            }
            guard hasMadeUpName[index] else { return .nameTaken }
            row.name += "-" + row.fingerprint.short
            guard try KeyTable.insert(row, db) else { return .nameTaken }
        }
        progress.added.append(drafts[index].record(row.id))
        return .added
    }
}

extension KeyImport {
    /// What became of the rows of a batch, as far as it came.
    struct Written: Sendable {
        var results: [KeyBatch.Result] = []
        var failure: (any Error)?
    }

    /// Asks where that is wanted, seals, and begins to write as soon as the
    /// batch before is written: the next one is made ready meanwhile.
    func commit(_ candidates: [Candidate]) async throws {
        let candidates = options.check ? try await checked(candidates) : candidates
        guard !candidates.isEmpty else { return }
        let batch = try ThreadTurns.long.take { try prepared(candidates.map(\.draft)) }
        try await settled()
        let lines = candidates.map(\.line)
        writing = (batch, lines, Task { [service, order] in await Self.write(batch, service, order) })
    }

    /// Waits for what is being written, and counts it.
    func settled() async throws {
        guard let (batch, lines, task) = writing else { return }
        writing = nil
        let written = await task.value
        for (index, result) in written.results.enumerated() {
            count(result, of: batch.rows[index], at: lines[index])
        }
        if let failure = written.failure { throw failure }
    }

    private func prepared(_ drafts: [KeyDraft]) throws -> KeyBatch {
        let now = service.clock().wall
        let ids = service.store.reserveKeyIDs(drafts.count)
        var drafts = drafts
        let madeUp = drafts.map { $0.name.isEmpty }
        var rows: [KeyRow] = []
        rows.reserveCapacity(drafts.count)
        for (index, raw) in ids.enumerated() {
            if madeUp[index] { drafts[index].name = "\(prefix)\(raw)" }
            rows.append(
                try drafts[index].row(KeyID(raw), service.store.sealing, checked: options.check, at: now))
        }
        return KeyBatch(
            rows: rows, drafts: drafts, hasMadeUpName: madeUp, firstID: firstID,
            reactivate: options.reactivate, at: now)
    }

    /// Slice by slice; the engine is told of each once it is on disk.
    private static func write(_ batch: KeyBatch, _ service: KeysService, _ order: Order) async -> Written {
        var written = Written()
        do {
            while written.results.count < batch.rows.count {
                let start = written.results.count
                let progress = try await service.commit(order) { db in
                    try batch.write(from: start, service, order, db)
                } publishing: {
                    $0.outcome
                }
                written.results += progress.results
            }
        } catch {
            written.failure = error
        }
        return written
    }

    /// Leaves out what upstream does not know.
    private func checked(_ candidates: [Candidate]) async throws -> [Candidate] {
        guard let probe = service.probe else { return candidates }
        var kept: [Candidate] = []
        for start in stride(from: 0, to: candidates.count, by: 8) {
            let piece = candidates[start..<min(start + 8, candidates.count)]
            let answers = await withTaskGroup(of: (Int, ProbeAnswer).self) { group in
                for candidate in piece {
                    group.addTask { (candidate.line, await probe.probe(candidate.draft.secret)) }
                }
                return await group.reduce(into: [Int: ProbeAnswer]()) { $0[$1.0] = $1.1 }
            }
            for candidate in piece {
                switch answers[candidate.line] {
                case .rejected(let status, _):
                    reject(candidate.line, .keyRejected, "upstream refused the key with \(status)")
                case .unreachable:
                    reject(candidate.line, .keyUnchecked, "upstream could not be asked")
                case .valid, .limited, nil: kept.append(candidate)
                }
            }
        }
        return kept
    }
}

extension KeysService {
    func beginImport(_ options: ImportOptions, _ order: Order) async throws -> any ImportSession {
        try KeyImport(self, options, order)
    }
}
