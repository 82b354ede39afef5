internal import ORKit

extension Listing<ClientView> {
    static let clients = Listing(
        noun: "clients", schema: "ork.clients/1",
        columns: [
            Column("name") { $0.name },
            Column("state", text: { row, _ in Cell(row.state, row.tone) }, value: { $0.state }),
            Column("environment") { $0.environment },
            Column("permissions") { $0.permissions.joined(separator: ",") },
            Column(
                "requests", number: true, text: { row, _ in Cell(Human.count(row.requests)) },
                value: { String($0.requests) }),
            Column("expires", text: { Cell($1.left($0.expiresAt)) }, value: { $0.expiresAt }),
            Column("last-used", text: { Cell($1.ago($0.lastUsedAt)) }, value: { $0.lastUsedAt }),
            Column("user", .wide) { $0.user },
            Column("pool", .wide) { $0.pool },
            Column("key", .wide) { $0.masked },
            Column("fingerprint", .wide) { $0.fingerprint },
            Column("tags", .wide) { $0.tags.listed },
            Column("note", .wide) { $0.note },
            Column("added-at", .wide, text: { Cell($1.ago($0.addedAt)) }, value: { $0.addedAt }),
            Column("id", .wide, number: true) { String($0.id.raw) },
            Column("primary", .detail) { $0.primary ? "yes" : nil },
            Column("models", .detail) { $0.models?.joined(separator: ",") },
            Column("endpoints", .detail) { $0.endpoints?.joined(separator: ",") },
            Column("addresses", .detail) { $0.addresses?.joined(separator: ",") },
            Column("referrers", .detail) { $0.referrers?.joined(separator: ",") },
            .count("max-requests", .detail) { $0.maxRequests },
            .count("requests-left", .detail) { $0.requestsLeft },
            Column("disabled-reason", .detail) { $0.disabledReason },
            Column("version", .detail, number: true) { String($0.version) },
        ],
        name: { $0.name })
}

extension Column {
    /// A number that may be absent.
    fileprivate static func count(
        _ name: String, _ level: Level, _ value: @escaping @Sendable (Row) -> Int64?
    ) -> Column {
        Column(
            name, level, number: true, text: { row, _ in Cell(value(row).map(Human.count)) },
            value: { value($0).map(String.init) })
    }
}

extension ClientView {
    fileprivate var tone: Tone {
        switch state {
        case "usable": .good
        case "expired": .warning
        default: .dim
        }
    }
}

extension ChangeReport<ClientView> {
    static let clients = ChangeReport(name: { $0.name })
}
