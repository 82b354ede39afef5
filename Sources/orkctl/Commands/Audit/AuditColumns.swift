internal import ORKit

extension Listing<AuditView> {
    static let audit = Listing(
        noun: "changes", schema: "ork.audit/1",
        columns: [
            Column("at", text: { Cell($1.ago($0.at)) }, value: { $0.at }),
            Column("actor") { $0.actor },
            Column("action") { $0.action },
            Column("target") { $0.target },
            Column("change") { $0.change.isEmpty ? nil : $0.change },
            Column("pid", .wide, number: true) { $0.pid.map { String($0) } },
            Column("gid", .wide, number: true) { $0.gid.map { String($0) } },
            Column("id", .wide, number: true) { String($0.id) },
        ],
        name: { String($0.id) })
}
