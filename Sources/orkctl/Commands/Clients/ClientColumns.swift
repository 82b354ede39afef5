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
            Column("pool", .wide) { $0.pool },
            Column("key", .wide) { $0.masked },
            Column("fingerprint", .wide) { $0.fingerprint },
            Column("tags", .wide) { $0.tags.listed },
            Column("note", .wide) { $0.note },
            Column("added-at", .wide, text: { Cell($1.ago($0.addedAt)) }, value: { $0.addedAt }),
            Column("id", .wide, number: true) { String($0.id.raw) },
            Column("disabled-reason", .detail) { $0.disabledReason },
            Column("version", .detail, number: true) { String($0.version) },
        ],
        name: { $0.name })
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
