internal import GRDB
import ORKit

/// Holds the ledger against what the upstream says that keys cost (`GET
/// /key`). Changes nothing.
struct ReconciliationService: ReconciliationServing {
    private let keys: KeysService
    private let usage: UsageService

    init(_ keys: KeysService, _ usage: UsageService) {
        self.keys = keys
        self.usage = usage
    }

    /// By name.
    func reconcile(_ query: ReconciliationQuery) async throws -> [ReconciliationView] {
        guard let probe = keys.probe else {
            throw CodedError(.upstreamUnreachable, "there is no upstream to ask")
        }
        let rows = try await rows(query.select)
        let since = query.window.begin(at: keys.clock().wall)
        let answers = try await rows.answers(atOnce: KeysService.probesAtOnce) { [keys] row in
            await probe.probe(try keys.store.open(row, for: .reconcile))
        }
        // Afterwards: what came in between is no more than what is tolerated, and nothing is missing.
        let sums = try await usage.keys(since: since, until: keys.clock().wall.advanced(byMilliseconds: 1))
        return zip(rows, answers).map { row, answer in
            ReconciliationView(
                name: row.name, id: row.id, window: query.window, since: since,
                upstream: answer.spent(query.window), ledger: sums[row.id.raw] ?? UsageSum(),
                within: query.tolerance, reason: answer.silence)
        }
    }

    private func rows(_ select: [String]) async throws -> [KeyRow] {
        try await keys.store.read { db in
            try select.isEmpty
                ? KeyTable.rows(db, where: "enabled ORDER BY name")
                : KeySelection.find(select, ifExists: false, db).rows
        }
    }
}

extension ProbeAnswer {
    fileprivate func spent(_ window: UpstreamQuota.Reset) -> Money? {
        guard case .valid(let info) = self else { return nil }
        return info.spent[window]
    }

    /// Why it says nothing about money.
    fileprivate var silence: String? {
        switch self {
        case .valid: nil
        case .rejected(let status, _): "the upstream refused the key with \(status)"
        case .limited: "the upstream does not answer this key for now"
        case .unreachable(let reason): reason
        }
    }
}
