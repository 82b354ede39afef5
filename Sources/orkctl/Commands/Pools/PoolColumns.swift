internal import ORKit

extension Listing<PoolView> {
    static let pools = Listing(
        noun: "pools", schema: "ork.pools/1",
        columns: [
            Column("name") { $0.name },
            Column("strategy") { $0.strategy?.rawValue },
            Column("objective") { $0.objective },
            Column(
                "floor", number: true, text: { row, _ in Cell(row.floor.map { "\($0)%" }) },
                value: { $0.floor.map(String.init) }),
            Column("fallback") { $0.fallback },
            Column("keys", number: true) { String($0.keys) },
            Column("clients", number: true) { String($0.clients) },
            .lasts(.table),
            Column("note", .wide) { $0.note },
            Column("added-at", .wide, text: { Cell($1.ago($0.addedAt)) }, value: { $0.addedAt }),
            Column("id", .wide, number: true) { String($0.id.raw) },
            Column("version", .wide, number: true) { String($0.version) },
            .firstOut(.wide), .quotaLeft(.wide), .rate(.wide), .risk(.wide),
        ],
        name: { $0.name })
}

extension ChangeReport<PoolView> {
    static let pools = ChangeReport(name: { $0.name })
}
