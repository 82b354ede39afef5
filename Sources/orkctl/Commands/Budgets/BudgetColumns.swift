internal import ORKit

extension Listing<BudgetView> {
    static let budgets = Listing(
        noun: "budgets", schema: "ork.budgets/1",
        columns: [
            Column("name") { $0.name },
            Column.dollars("limit") { $0.limit },
            Column.dollars("spent", warns: true) { $0.spent },
            Column.dollars("left", warns: true) { $0.left },
            Column("hard", words: ["yes", "no"]) { $0.hard ? "yes" : "no" },
            Column(
                "ends", text: { row, human in Cell(human.left(row.end).map { "in \($0)" }) },
                value: { $0.end }),
            Column.dollars("held", .wide) { $0.held },
            Column("warn-at", .wide) { $0.warnAt.map { "\($0)%" }.joined(separator: ",") },
            Column("time-zone", .wide) { $0.timeZone },
            Column("began", .detail, text: { row, _ in Cell(row.start) }, value: { $0.start }),
            Column("id", .wide, number: true) { String($0.id) },
            Column("version", .detail, number: true) { String($0.version) },
        ],
        name: { $0.name })
}

extension Column<BudgetView> {
    /// `$12.50`; programs get the exact amount.
    fileprivate static func dollars(
        _ name: String, _ level: Level = .table, warns: Bool = false,
        _ amount: @escaping @Sendable (BudgetView) -> String
    ) -> Column {
        Column(
            name, level, number: true,
            text: { row, _ in
                let money = Money(decimal: amount(row).utf8)
                let isOut = warns && Money(decimal: row.left.utf8).map { $0 <= .zero } ?? false
                return Cell(money.map(Human.dollars) ?? amount(row), isOut ? .warning : .plain)
            }, value: amount)
    }
}

extension ChangeReport<BudgetView> {
    static let budgets = ChangeReport(name: { $0.name })
}
