import ORKit

extension KeyImport {
    /// What became of the rows of a batch, as far as it came.
    struct Written: Sendable {
        var results: [KeyBatch.Result] = []
        var failure: (any Error)?
    }

    /// Asks where that is wanted, seals, and begins to write as soon as the
    /// batch before is written: the next one is made ready meanwhile.
    func commit(_ lines: [ImportLine]) async throws {
        let all = try await identified(lines)
        let candidates = options.check ? try await checked(all) : all
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
            firstID: firstID, pool: pool, isPoolNamed: options.pool != nil,
            reactivate: options.reactivate, restore: options.restore, at: now)
    }

    /// With their secrets: those of an export without any are those that the
    /// pool has.
    private func identified(_ lines: [ImportLine]) async throws -> [Candidate] {
        let (store, actor) = (service.store, order.actor)
        let unnamed = lines.filter { $0.entry.secret == nil }.map(\.fingerprint)
        var known: [Digest: Secret] = [:]
        if !unnamed.isEmpty {
            known = try await store.read { db in
                try unnamed.reduce(into: [:]) { known, fingerprint in
                    known[fingerprint] = try KeyTable.row(db, fingerprint: fingerprint).map {
                        try store.open($0, for: .imports, by: actor)
                    }
                }
            }
        }
        var candidates: [Candidate] = []
        candidates.reserveCapacity(lines.count)
        for line in lines {
            if let secret = line.entry.secret ?? known[line.fingerprint] {
                candidates.append(candidate(line, secret))
            } else {
                reject(line.number, .badValue, "there is no secret, and no such key in the pool")
            }
        }
        return candidates
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
