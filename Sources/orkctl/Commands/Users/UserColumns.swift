internal import ORKit

extension Listing<UserView> {
    static let users = Listing(
        noun: "users", schema: "ork.users/1",
        columns: [
            Column("name") { $0.name },
            Column(
                "state", text: { row, _ in Cell(row.state, row.enabled ? .good : .dim) }, value: { $0.state }),
            Column("subscription") { $0.subscription },
            Column("clients", number: true) { String($0.clients) },
            Column(
                "requests", number: true, text: { row, _ in Cell(Human.count(row.requests)) },
                value: { String($0.requests) }),
            Column("trial-ends", text: { Cell($1.left($0.trialEndsAt)) }, value: { $0.trialEndsAt }),
            Column("email") { $0.email },
            Column("metered", .wide) { $0.metered ? "yes" : "no" },
            Column("primary", .wide) { $0.primary },
            Column("tags", .wide) { $0.tags.listed },
            Column("note", .wide) { $0.note },
            Column("added-at", .wide, text: { Cell($1.ago($0.addedAt)) }, value: { $0.addedAt }),
            Column("id", .wide, number: true) { String($0.id.raw) },
            Column("auth-method", .detail) { $0.authMethod },
            Column("preferences", .detail) { $0.preferences },
            Column("disabled-reason", .detail) { $0.disabledReason },
            Column("version", .detail, number: true) { String($0.version) },
        ],
        name: { $0.name })
}

extension UserView {
    fileprivate var state: String { enabled ? "enabled" : "disabled" }
}

extension ChangeReport<UserView> {
    static let users = ChangeReport(name: { $0.name })
}
