internal import ORKit

extension Listing<LimitView> {
    static let limits = Listing(
        noun: "clients", schema: "ork.limits/1",
        columns: [
            Column("name") { $0.scope },
            Column("shadow", words: ["yes", "no"]) { $0.shadow ? "yes" : "no" },
            Column("refused", number: true) { String($0.refused) },
        ] + LimitKind.allCases.map(Column.limit) + [
            Column("version", .detail, number: true) { String($0.version) }
        ],
        name: { $0.scope })
}

extension LimitView {
    /// As a command line names them: a client by its name, a user as `user:NAME`.
    fileprivate var scope: String { subject == "user" ? "user:\(name)" : name }
}

extension Column<LimitView> {
    /// `3 of 60 used, all back in 41 s`.
    fileprivate static func limit(_ kind: LimitKind) -> Column {
        let name = String(kind.word.map { $0 == "_" ? "-" : $0 })
        @Sendable func of(_ row: LimitView) -> LimitView.Limit? { row.limits.first { $0.name == kind.word } }
        return Column(
            name, .wide,
            text: { row, human in
                Cell(
                    of(row).map { limit in
                        let back = human.left(limit.reset).map { ", all back in \($0)" } ?? ""
                        return "\(Human.count(limit.used)) of \(Human.count(limit.limit)) used\(back)"
                    }, of(row)?.left == 0 ? .warning : .plain)
            }, value: { row in of(row).map { "\($0.used)/\($0.limit)" } })
    }
}

extension ChangeReport<LimitView> {
    static let limits = ChangeReport(name: { $0.scope })
}
