internal import GRDB
import ORKit

/// What the fields of a pool may hold.
enum PoolFields {
    static func name(_ text: String) throws -> String {
        // A number would be an id, `none` is the word for no pool.
        guard PlainText.isName(text), text != "none", Int64(text) == nil, !KeyFields.looksSecret(text) else {
            throw CodedError(
                .badValue,
                "a pool's name has 1 to 64 letters, digits or . _ - @ + :, begins with a letter or digit and is no number"
            )
        }
        return text
    }

    /// From the share that stays in, percent, to the one that may be kept out,
    /// thousandths.
    static func floorShare(_ percent: Int) throws -> Int {
        guard (0...100).contains(percent) else {
            throw CodedError(.badValue, "a floor is a number of percent from 0 to 100, or none")
        }
        return 1000 - 10 * percent
    }

    static func strategy(_ text: String) throws -> Strategy {
        guard let strategy = Strategy(rawValue: text) else {
            let words = Strategy.allCases.map(\.rawValue).joined(separator: ", ")
            throw CodedError(.badValue, "strategy must be none or one of: \(words)")
        }
        return strategy
    }

    static func objective(_ text: String) throws -> Objective {
        guard let objective = Objective(text) else {
            let words = Objective.Aim.allCases.map(\.rawValue).joined(separator: ", ")
            throw CodedError(
                .badValue,
                "objective must be none, one of \(words), or several with weights from 0 to 1: latency=0.7,fairness=0.3"
            )
        }
        return objective
    }

    /// By name or id.
    static func find(_ text: String, _ db: Database) throws -> PoolRow {
        try find(text, in: PoolTable.rows(db))
    }

    static func find(_ text: String, in rows: [PoolRow]) throws -> PoolRow {
        let id = Int64(text).map { PoolID($0) }
        guard let row = rows.first(where: { $0.name == text || $0.id == id }) else {
            throw CodedError(.poolNotFound, "there is no pool “\(KeyFields.shown(text))”")
        }
        return row
    }
}
