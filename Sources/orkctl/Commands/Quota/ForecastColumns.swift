internal import ORKit

/// Several keys taken together, of which it can be foreseen how long their
/// quotas last.
protocol Foreseen: Sendable {
    var forecast: JointForecastView? { get }
}

extension AccountView: Foreseen {}
extension PoolView: Foreseen {}

extension Column where Row: Foreseen {
    /// When all of it will be used up, and how sure that is.
    static func lasts(_ level: Level) -> Column {
        Column(
            "lasts", level, text: { $0.forecast?.lasts($1) ?? Cell(nil) }, value: { $0.forecast?.exhausted })
    }

    /// When the first key will have used up its own.
    static func firstOut(_ level: Level) -> Column {
        Column(
            "first-out", level, text: { Cell($1.left($0.forecast?.earliest)) },
            value: { $0.forecast?.earliest })
    }

    static func quotaLeft(_ level: Level) -> Column {
        Column(
            "quota-left", level, text: { row, _ in Cell(row.forecast?.leftText { Human.count($0) }) },
            value: { $0.forecast?.leftText() })
    }

    static func rate(_ level: Level) -> Column {
        Column("rate", level) { row in
            row.forecast.map { "\(Human.decimal($0.perHour)) \($0.unit.rawValue) an hour" }
        }
    }

    static func risk(_ level: Level) -> Column { Column("risk", level) { $0.forecast?.risk?.rawValue } }
}

extension JointForecastView {
    fileprivate func lasts(_ human: Human) -> Cell {
        guard let left = human.left(exhausted) else {
            return Cell(exhausted == nil ? "to its reset" : nil, .dim)
        }
        return Cell("\(left) (\(confidence.rawValue))", risk == .critical ? .warning : .plain)
    }

    /// `220 requests of 3 keys`.
    fileprivate func leftText(_ number: (Int64) -> String = { String($0) }) -> String {
        "\(number(left)) \(unit.rawValue) of \(keys) keys"
    }
}
