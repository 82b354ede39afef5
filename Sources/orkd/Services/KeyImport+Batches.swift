import ORKit

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
        let batch = try ThreadTurns.long.take { try prepared(candidates) }
        try await settled()
        writing = (batch, Task { [service, order] in await Self.write(batch, service, order) })
    }

    /// Waits for what is being written, and counts it.
    func settled() async throws {
        guard let (batch, task) = writing else { return }
        writing = nil
        let written = await task.value
        for (index, result) in written.results.enumerated() {
            count(result, of: batch.rows[index], at: batch.lines[index])
        }
        if let failure = written.failure { throw failure }
    }

    private func prepared(_ candidates: [Candidate]) throws -> KeyBatch {
        let now = service.clock().wall
        let ids = service.store.reserveKeyIDs(candidates.count)
        var drafts = candidates.map(\.draft)
        let madeUp = drafts.map { $0.name.isEmpty }
        var rows: [KeyRow] = []
        rows.reserveCapacity(drafts.count)
        for (index, raw) in ids.enumerated() {
            if madeUp[index] { drafts[index].name = "\(prefix)\(raw)" }
            var row = try drafts[index].row(KeyID(raw), service.store.sealing, at: now)
            row.pool = pool
            rows.append(row)
        }
        return KeyBatch(
            rows: rows, drafts: drafts, lines: candidates.map(\.line), hasMadeUpName: madeUp,
            firstID: firstID, pool: pool, reactivate: options.reactivate, at: now)
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
}
