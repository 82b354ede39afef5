internal import GRDB
import ORKit

extension KeysService {
    /// How many keys are asked about at the same time.
    private static let probesAtOnce = 4

    /// Asks upstream about each key, tells the engine what it learnt, and the
    /// caller everything (KP-18). In a dry run the engine is not told.
    func test(_ selection: Selection, _ order: Order) async throws -> [KeyTest] {
        guard let probe else {
            throw CodedError(.upstreamUnreachable, "there is no upstream to ask")
        }
        let rows = try await store.read { db in
            try KeySelection.find(selection.select, ifExists: selection.ifExists ?? false, db).rows
        }
        var tests: [KeyTest?] = Array(repeating: nil, count: rows.count)
        try await withThrowingTaskGroup(of: (Int, KeyTest).self) { group in
            var next = rows.startIndex
            func start() {
                guard next < rows.endIndex else { return }
                let (place, row) = (next, rows[next])
                next += 1
                group.addTask { [self] in (place, try await test(row, probe, order)) }
            }
            for _ in 0..<Self.probesAtOnce { start() }
            while let (place, test) = try await group.next() {
                tests[place] = test
                start()
            }
        }
        return tests.compactMap { $0 }
    }

    private func test(_ row: KeyRow, _ probe: any KeyProbe, _ order: Order) async throws -> KeyTest {
        let secret = try store.open(row)
        let started = clock().monotonic
        let answer = await probe.probe(secret)
        let ended = clock()
        if !order.dryRun { try await learn(answer, about: row, at: ended) }
        var test = KeyTest(name: row.name, result: answer.word)
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
        case .rejected(let status, let message):
            test.status = status
            test.message = message
        case .limited: test.status = 429
        case .unreachable(let reason): test.message = reason
        }
        return test
    }

    /// Upstream's word about a key that it was asked about, by an operator or
    /// by the recheck of suspects.
    func learn(_ answer: ProbeAnswer, about row: KeyRow, at now: Now) async throws {
        switch answer {
        case .valid:
            box.change { engine, _, effects in effects += engine.checked(row.id, valid: true, at: now) }
            guard !row.checked else { return }
            try await store.transact { db in
                try db.execute(sql: "UPDATE key SET checked = 1 WHERE id = ?", arguments: [row.id.raw])
            }
        case .rejected(status: 401, _):
            box.change { engine, _, effects in effects += engine.checked(row.id, valid: false, at: now) }
        case .rejected, .limited, .unreachable:
            box.decide { engine, _ in engine.postponeCheck(row.id, at: now) }
        }
    }

    /// Asks upstream about the suspects whose check is due (ruling 12).
    ///
    /// - Returns: how many were asked about.
    func recheckSuspects() async throws -> Int {
        guard let probe else { return 0 }
        let now = clock()
        let due = box.decide { engine, _ in Array(engine.suspects(at: now).prefix(16)) }
        for id in due {
            guard let row = try await store.read({ try KeyTable.row($0, id: id) }) else { continue }
            try await learn(await probe.probe(try store.open(row)), about: row, at: clock())
        }
        return due.count
    }
}

extension ProbeAnswer {
    fileprivate var word: String {
        switch self {
        case .valid: "valid"
        case .rejected: "rejected"
        case .limited: "limited"
        case .unreachable: "unreachable"
        }
    }
}
