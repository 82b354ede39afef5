import ORKit

extension AccountView {
    /// - Parameter row: nil for the keys of which nobody has said whose they
    ///   are.
    init(_ row: AccountRow?, _ sum: AccountSum, members: [Member]?) {
        self.init(
            id: row?.id ?? AccountFields.unknown, known: row != nil, name: row?.name, note: row?.note,
            keys: sum.keys, learntKeys: sum.learnt, byState: sum.byState,
            rests: sum.rests.sorted(by: Self.isBefore).map { Rest($0) }, inFlight: sum.inFlight,
            counters: sum.counters,
            knownSince: row.flatMap { [$0.since, sum.since].compactMap { $0 }.min()?.rfc3339 },
            lastUsedAt: sum.lastUsedAt?.rfc3339, version: row?.version ?? 0, members: members)
        forecast = sum.quotas.forecast(at: sum.now).map { JointForecastView($0, at: sum.now) }
    }

    /// What concerns everything first, then by model.
    private static func isBefore(_ a: ORKit.Rest, _ b: ORKit.Rest) -> Bool {
        (a.model ?? "", a.cause) < (b.model ?? "", b.cause)
    }
}

extension AccountView.Rest {
    fileprivate init(_ rest: ORKit.Rest) {
        self.init(
            scope: rest.scope, model: rest.model,
            because: (Cause(rawValue: rest.cause) ?? .upstreamError).name,
            until: rest.untilMilliseconds.map { WallTime(milliseconds: $0).rfc3339 },
            since: WallTime(milliseconds: rest.sinceMilliseconds).rfc3339, stated: rest.stated,
            rule: rest.rule, evidence: rest.evidence)
    }
}

extension AccountRow {
    var audit: [String: AuditValue] {
        ["name": .text(name), "note": .text(note), "version": .number(version)]
    }

    func changed(by request: AccountSet, at now: WallTime) throws -> AccountRow {
        var row = self
        if let name = request.name { row.name = try name.text.map(AccountFields.name) }
        if let note = request.note { row.note = try note.text.map { try ClientFields.text($0, "note") } }
        guard row.name != name || row.note != note else { return self }
        row.since = since ?? now
        row.version += 1
        return row
    }
}
