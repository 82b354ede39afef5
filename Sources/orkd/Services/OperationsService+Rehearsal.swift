internal import GRDB
import ORKit

// What would become of a request, asked without sending one.

extension OperationsService {
    /// Keys that are counted under the engine's lock at once: a fraction of
    /// what a request may wait for it.
    private static let piece = 256

    func rehearse(_ query: RehearsalQuery) async throws -> RehearsalView {
        guard query.client == nil || query.pool == nil else {
            throw CodedError(.badValue, "client and pool exclude each other: a client has its pool")
        }
        let objective = try query.objective.map(PoolFields.objective)
        let (client, pools, pool) = try await store.read { db in
            let client = try query.client.map { try Self.client($0, db) }
            let pool = try query.pool.map { try PoolFields.find($0, db).id }
            return (client, try PoolTable.rows(db), pool ?? client?.pool ?? .first)
        }
        let now = clock()
        let ask = Ask(
            client: client?.id ?? .anonymous, model: query.model, affinity: query.session?.digest(of: client),
            pool: pool, objective: objective)
        var rehearsal = box.decide { engine, rng in engine.rehearse(ask, at: now, using: rng) }
        while box.decide({ engine, _ in engine.count(&rehearsal, places: Self.piece) }) { await Task.yield() }
        let names = Dictionary(uniqueKeysWithValues: pools.map { ($0.id, $0.name) })
        var view = rehearsal.view(client?.name, pools: names, at: now.wall)
        if let key = rehearsal.key {
            let name = try await store.read { try Tombstones.names(.key, [key.raw], $0)[key.raw] }
            view.key = name ?? "#\(key.raw)"
        }
        if let model = query.model, let input = query.promptTokens, let prices = prices() {
            view.cost = CostView(
                prices, model: model, input: Int64(input), output: query.completionTokens.map { Int64($0) })
        }
        // Whoever is not let in asks no pool.
        if let code = client?.refusal(at: now.wall) {
            view.refuse(RefusalView(code: code, status: code.entry.status))
        }
        return view
    }

    private static func client(_ text: String, _ db: Database) throws -> ClientRow {
        let rows = try ClientSelection.find([text], db)
        guard let row = rows.first, rows.count == 1 else {
            throw CodedError(.badValue, "a request has one client, but \(rows.count) were selected")
        }
        return row
    }
}

extension String {
    /// Of a conversation that the caller names so.
    fileprivate func digest(of client: ClientRow?) -> UInt64 {
        Array(utf8).withUnsafeBytes { Conversation.digest($0, of: client?.id ?? .anonymous) }
    }
}

extension ClientRow {
    /// Why its requests are not let in.
    fileprivate func refusal(at now: WallTime) -> ErrorCode? {
        enabled ? isExpired(at: now) ? .clientExpired : nil : .clientDisabled
    }
}

extension Rehearsal {
    fileprivate func view(_ client: String?, pools names: [PoolID: String], at now: WallTime) -> RehearsalView
    {
        func name(_ pool: PoolID) -> String { names[pool] ?? String(pool.raw) }
        var view = RehearsalView(
            at: now.rfc3339, client: client, model: model,
            pools: groups.map { group in
                let counts = Candidacy.allCases.map { ($0.rawValue, group.candidates[$0] ?? 0) }
                return RehearsalView.Group(
                    pool: name(group.pool), strategy: group.strategy, objective: group.objective?.text,
                    keys: group.count,
                    candidates: Dictionary(uniqueKeysWithValues: counts))
            })
        view.keyID = key
        view.pool = pool.map(name)
        view.chosen = choice?.name
        view.odds = odds.map { RehearsalView.Odds(weight: $0.weight, of: $0.of) }
        view.refusal = refusal.map { refusal in
            RefusalView(
                code: refusal.code, status: refusal.status,
                until: refusal.retryAfterMilliseconds.map { now.advanced(byMilliseconds: $0).rfc3339 },
                evidence: gate.map { "\($0.verdict.rule): \($0.verdict.evidence)" })
        }
        return view
    }
}

extension RehearsalView {
    fileprivate mutating func refuse(_ refusal: RefusalView) {
        (key, keyID, pool, chosen, odds) = (nil, nil, nil, nil, nil)
        self.refusal = refusal
    }
}
