internal import FoundationEssentials
internal import GRDB
import ORKit

extension KeysService {
    /// How many keys are asked about at the same time.
    static let probesAtOnce = 4

    /// Asks upstream about each key, tells the engine what it learnt, and the
    /// caller everything (KP-18). In a dry run the engine is not told.
    func test(_ selection: Selection, _ order: Order) async throws -> [KeyTest] {
        guard let probe else {
            throw CodedError(.upstreamUnreachable, "there is no upstream to ask")
        }
        let rows = try await store.read { db in
            try KeySelection.find(selection.select, ifExists: selection.ifExists ?? false, db).rows
        }
        return try await rows.answers(atOnce: Self.probesAtOnce) { [self] row in
            try await test(row, probe, order)
        }
    }

    private func test(_ row: KeyRow, _ probe: any KeyProbe, _ order: Order) async throws -> KeyTest {
        let secret = try store.open(row, for: .test, by: order.actor)
        let started = clock().monotonic
        let answer = await probe.probe(secret)
        let ended = clock()
        if !order.dryRun { try await learn(answer, about: row, at: ended) }
        var test = KeyTest(name: row.name, result: answer.keyClass(at: ended.wall).word)
        test.latency = Double(ended.monotonic - started) / 1_000_000
        switch answer {
        case .valid(let info):
            test.status = 200
            test.label = info.label
            test.limit = info.limit?.decimal
            test.limitRemaining = info.limitRemaining?.decimal
            test.usage = info.usage?.decimal
            test.freeTier = info.freeTier
            test.expiresAt = info.expiresAt
            test.message = answer.refusal(at: ended.wall)?.message
        case .rejected(let status, let message):
            test.status = status
            test.message = message
        case .limited: test.status = 429
        case .unreachable(let reason): test.message = reason
        }
        return test
    }

    /// Upstream's word about a key that it was asked about, by an operator or
    /// by a check of our own.
    ///
    /// In the turn of changes, and only while the key has the secret that was
    /// asked about: of one that was rotated meanwhile nothing was learnt.
    func learn(_ answer: ProbeAnswer, about row: KeyRow, at now: Now) async throws {
        let refusal = answer.refusal(at: now.wall)
        try await turns.take {
            let present = try await store.read { try KeyTable.row($0, id: row.id) }
            guard present?.fingerprint == row.fingerprint else { return }
            tell(answer, refusal, about: row, at: now)
        }
        guard case .valid(let info) = answer, refusal == nil else { return }
        let quota = info.quota(at: now.wall)
        try await store.transact { db in
            try UpstreamQuotaTable.put(quota, of: row.id, fingerprint: row.fingerprint, db)
            guard !row.checked else { return }
            try db.execute(
                sql: "UPDATE key SET checked = 1 WHERE id = ? AND fingerprint = ?",
                arguments: [row.id.raw, Data(row.fingerprint.bytes)])
        }
    }

    private func tell(_ answer: ProbeAnswer, _ refusal: CodedError?, about row: KeyRow, at now: Now) {
        box.change { engine, _, effects in
            switch answer {
            case .valid(let info):
                if let account = info.account {
                    effects += engine.learn(account: account, of: row.id, at: now)
                }
                if let refusal {
                    let evidence = "GET /key: \(refusal.message)"
                    effects += engine.checked(row.id, valid: false, evidence: evidence, at: now)
                } else {
                    effects += engine.checked(row.id, valid: true, at: now)
                }
                effects += engine.reported(row.id, refusal == nil ? info.report : nil, at: now)
            case .rejected(status: 401, _):
                effects += engine.checked(row.id, valid: false, at: now)
                effects += engine.reported(row.id, nil, at: now)
            case .rejected, .limited, .unreachable:
                engine.postponeCheck(row.id, at: now)
                effects += engine.reported(row.id, nil, at: now)
            }
        }
    }
}
