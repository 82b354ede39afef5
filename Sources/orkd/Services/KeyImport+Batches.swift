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
            rows.append(
                try drafts[index].row(KeyID(raw), service.store.sealing, checked: options.check, at: now))
        }
        return KeyBatch(
            rows: rows, drafts: drafts, lines: candidates.map(\.line), hasMadeUpName: madeUp,
            firstID: firstID,
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
