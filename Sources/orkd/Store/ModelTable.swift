internal import GRDB
import ORKit

/// The tables of models: what the upstream listed, and when. Every function
/// runs inside the caller's transaction.
enum ModelTable {
    private static let columns =
        "id, slug, name, context, longest_answer, long_from, prices, dearest, dearest_long"

    /// What was put last; nil: nothing ever was. A row that cannot be read is
    /// one that could not be read.
    static func list(_ db: Database) throws -> (at: WallTime, catalogue: ModelCatalogue)? {
        guard let head = try Row.fetchOne(db, sql: "SELECT at, unread FROM model_list"),
            let at = head.time(0)
        else { return nil }
        var catalogue = ModelCatalogue()
        catalogue.unread = Int(clamping: head.number(1))
        let cursor = try Row.fetchCursor(db, sql: "SELECT \(columns) FROM model ORDER BY id")
        while let row = try cursor.next() {
            if let model = read(row) { catalogue.models.append(model) } else { catalogue.unread += 1 }
        }
        return (at, catalogue)
    }

    /// Writes what differs from `before` alone: most of a list is the same an
    /// hour later, and the writer has others to serve.
    static func put(
        _ catalogue: ModelCatalogue, at now: WallTime, before: [ModelOffer], _ db: Database
    ) throws {
        let known = Dictionary(before.map { ($0.id, $0) }) { first, _ in first }
        let put = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO model (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for model in catalogue.models where known[model.id] != model {
            try put.execute(arguments: [
                model.id, model.slug, model.name, model.context, model.longestAnswer, model.longFrom,
                text(model.prices), text(model.dearest), text(model.dearestLong),
            ])
        }
        let present = Set(catalogue.models.map(\.id))
        for model in before where !present.contains(model.id) {
            try db.execute(sql: "DELETE FROM model WHERE id = ?", arguments: [model.id])
        }
        try db.execute(
            sql: "INSERT OR REPLACE INTO model_list (number, at, unread) VALUES (1, ?, ?)",
            arguments: [now.milliseconds, catalogue.unread])
    }

    private static func read(_ row: Row) -> ModelOffer? {
        guard let prices = Self.prices(row.text(6)), let dearest = Self.prices(row.text(7)),
            let dearestLong = Self.prices(row.text(8))
        else { return nil }
        var model = ModelOffer(id: row.text(0), name: row.text(2))
        model.slug = row[1] as String?
        (model.context, model.longestAnswer, model.longFrom) = (row[3], row[4], row[5])
        (model.prices, model.dearest, model.dearestLong) = (prices, dearest, dearestLong)
        return model
    }

    private static func text(_ prices: TokenPrices) -> String {
        prices.numbers.map(String.init).joined(separator: " ")
    }

    private static func prices(_ text: String) -> TokenPrices? {
        TokenPrices(numbers: text.split(separator: " ").compactMap { Int64($0) })
    }
}
