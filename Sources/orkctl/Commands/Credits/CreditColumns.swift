internal import ORKit

extension Listing<BalanceView> {
    static let credits = Listing(
        noun: "users whose credits count", schema: "ork.credits/1",
        columns: [
            Column("user") { $0.user },
            Column(
                "balance", number: true, text: { row, _ in amount(row.balance) },
                value: { String($0.balance) }),
            Column("free", number: true, text: { row, _ in amount(row.free) }, value: { String($0.free) }),
            Column("held", number: true) { String($0.held) },
            Column("id", .wide, number: true) { String($0.id.raw) },
        ],
        name: { $0.user })

    private static func amount(_ credits: Int64) -> Cell {
        Cell(String(credits), credits > 0 ? .plain : .warning)
    }
}

extension Listing<MovementView> {
    static let movements = Listing(
        noun: "movements", schema: "ork.credits.history/1",
        columns: [
            Column("id", number: true) { String($0.id) },
            Column("at", text: { Cell($1.ago($0.at)) }, value: { $0.at }),
            Column("credits", number: true) { String($0.credits) },
            Column("reason") { $0.reason },
            Column("note") { $0.note },
            Column("refunds", number: true) { $0.refunds.map { String($0) } },
            Column("user", .wide) { $0.user },
            Column("uid", .wide, number: true) { String($0.uid) },
        ],
        name: { String($0.id) })
}

extension ChangeReport<MovementView> {
    static let movements = ChangeReport(name: { $0.user }).saying { change, _ in
        let item = change.item
        let balance = item.balance.map { ", has \($0)" } ?? ""
        guard change.changed else {
            return "\(item.user) unchanged: movement \(item.id) was this order\(balance)"
        }
        return "\(item.user) \(change.outcome) \(item.credits.magnitude)\(balance)"
    }
}
