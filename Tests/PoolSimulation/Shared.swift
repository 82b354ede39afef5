import ORKit

/// What the oracle knows of things that all keys share: read from what was
/// heard, in the order in which it was heard.
struct Shared {
    /// Something that may stand still for all: a model, the upstream, the way
    /// there.
    struct Row {
        let scope: FailureScope
        let model: String?
        var failures = 0
        /// Whether a gate may be closed before it, since so many leases.
        var closedAfter: Int?
        /// Surely closed before this.
        var least: Int64 = 0
        /// Surely to be tried from here on.
        var most: Int64 = 0

        func covers(_ model: String?) -> Bool { scope != .modelAtProvider || self.model == model }
    }

    /// What makes failures equal.
    struct Kind: Hashable {
        let rule: String
        let fingerprint: UInt64

        init(_ verdict: Verdict) {
            rule = verdict.rule
            fingerprint = verdict.fingerprint
        }
    }

    /// Failures that were taken for an incident.
    struct Incident {
        let kind: Kind
        let scope: FailureScope
        let model: String?
        let closedAfter: Int
        let began: Int64
        /// Whether the engine may have seen one failure fewer than needed.
        let isCertain: Bool
        /// Money is missing for paid models alone.
        let isPaidOnly: Bool

        func covers(_ model: String?) -> Bool {
            (scope != .modelAtProvider || self.model == model)
                && !(isPaidOnly && model.map(Oracle.isFree) ?? true)
        }
    }

    /// A failure that left a mark on a key.
    struct Failure {
        let verdict: Verdict
        var kind: Kind { Kind(verdict) }
        let model: String?
        let account: String?
        let at: Int64
        /// Leases begun until then.
        let begun: Int
        /// Whether it is surely in the burst that those behind it are in.
        var isCertain: Bool
        let undo: [Oracle.Undo]

        var isAboutPaid: Bool { verdict.cause == .creditsOut && model.map(Oracle.isFree) == false }
    }

    var begun = 0
    private(set) var rows: [Row] = []
    private(set) var incidents: [Incident] = []
    private var failures: [Failure] = []

    mutating func restarted() {
        rows = []
        incidents = []
        failures = []
    }

    // Gates

    mutating func good(_ model: String?, serial: Int) {
        // Without a model it may have been a listing, which asks nobody for a key.
        func isProof(for scope: FailureScope, _ name: String?) -> Bool {
            scope == .modelAtProvider ? name == model : scope == .network || model != nil
        }
        for i in rows.indices where isProof(for: rows[i].scope, rows[i].model) {
            rows[i].failures = 0
            rows[i].least = 0
            if let closed = rows[i].closedAfter, serial > closed { rows[i].closedAfter = nil }
        }
        incidents.removeAll {
            isProof(for: $0.scope, $0.model) && $0.covers(model) && serial > $0.closedAfter
        }
        for kind in Set(failures.map(\.kind)) {
            let burst = failures.filter { $0.kind == kind }
            guard let first = burst.first, serial > first.begun else { continue }
            if first.isAboutPaid, model.map(Oracle.isFree) ?? false { continue }
            if first.verdict.scope.isOfOneModel, burst.allSatisfy({ $0.model == first.model }),
                first.model != model
            {
                continue
            }
            if model == nil, !first.verdict.scope.isOfOneModel || burst.contains(where: { $0.model != nil }) {
                continue
            }
            failures.removeAll { $0.kind == kind }
        }
    }

    /// The upstream said something.
    mutating func answered(serial: Int) {
        for i in rows.indices where rows[i].scope == .network {
            rows[i].failures = 0
            if let closed = rows[i].closedAfter, serial > closed { rows[i].closedAfter = nil }
        }
    }

    mutating func bad(_ verdict: Verdict, _ model: String?, at now: Int64) {
        guard [.modelAtProvider, .provider, .network].contains(verdict.scope),
            ![.badRequest, .truncated].contains(verdict.cause)
        else { return }
        let name = verdict.scope == .modelAtProvider ? model : nil
        let place =
            rows.firstIndex { $0.scope == verdict.scope && $0.model == name }
            ?? {
                rows.append(Row(scope: verdict.scope, model: name))
                return rows.count - 1
            }()
        let stated = verdict.statedUntil.map { min($0.milliseconds - now, 60_000) } ?? 0
        if rows[place].closedAfter == nil {
            rows[place].failures += 1
            guard rows[place].failures >= 10 else { return }
            rows[place].least = now + max(1000, stated)
            rows[place].failures = 0
        }
        // Of those that began after the first closing only one at a time was let through.
        rows[place].closedAfter = rows[place].closedAfter ?? begun
        rows[place].most = max(rows[place].most, now + max(8000, stated))
    }

    // Incidents

    mutating func expire(at now: Int64) { incidents.removeAll { now - $0.began >= 600_000 } }

    func isIncident(_ verdict: Verdict, _ model: String?) -> Incident? {
        incidents.first { $0.kind == Kind(verdict) && $0.covers(model) }
    }

    /// - Returns: marks that must be gone now; nil: nothing new is known.
    mutating func marked(_ failure: Failure) -> (undo: [Oracle.Undo], isCertain: Bool)? {
        let kind = failure.kind
        forget(kind, at: failure.at)
        failures.append(failure)
        let burst = failures.filter { $0.kind == kind }
        guard Set(burst.compactMap(\.account)).count >= 3 else { return nil }
        let isCertain = Set(burst.filter(\.isCertain).compactMap(\.account)).count >= 3 && burst[0].isCertain
        failures.removeAll { $0.kind == kind }
        let isOneModels = burst.allSatisfy { $0.model == burst[0].model }
        let scope: FailureScope =
            failure.verdict.scope.isOfOneModel ? (isOneModels ? .modelAtProvider : .network) : .provider
        incidents.append(
            Incident(
                kind: kind, scope: scope, model: failure.model, closedAfter: begun, began: failure.at,
                isCertain: isCertain, isPaidOnly: burst[0].isAboutPaid))
        return (burst.reversed().flatMap(\.undo), isCertain)
    }

    /// A burst is over so long after its first failure. Where it is not certain
    /// that the engine saw that one, those behind it may be in a burst of their
    /// own, which began later.
    private mutating func forget(_ kind: Kind, at now: Int64) {
        while let first = failures.firstIndex(where: { $0.kind == kind }), now - failures[first].at > 10_000 {
            guard !failures[first].isCertain else {
                failures.removeAll { $0.kind == kind }
                return
            }
            failures.remove(at: first)
            for i in failures.indices where failures[i].kind == kind { failures[i].isCertain = false }
        }
    }

    /// Whether a request on that model may have to wait for others than keys.
    func mayWait(_ model: String?, probes: (Int) -> Bool, at now: Int64) -> Bool {
        incidents.contains { $0.covers(model) }
            || rows.contains { row in
                row.closedAfter.map { row.covers(model) && (row.most > now || probes($0)) } ?? false
            }
    }

    /// Why nothing may be tried on that model, whatever the key.
    func objection(_ model: String?, at now: Int64) -> String? {
        if rows.contains(where: { $0.covers(model) && $0.closedAfter != nil && $0.least > now }) {
            return "the gate before it is closed"
        }
        if incidents.contains(where: { $0.isCertain && $0.covers(model) && now < $0.began + 1000 }) {
            return "all keys have just failed alike"
        }
        return nil
    }
}
