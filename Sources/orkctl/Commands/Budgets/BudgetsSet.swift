internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct BudgetsSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Make budgets, or change them; the rest stays as it is.",
        discussion: """
            orkctl budgets set user:alice/month --limit 50
            orkctl budgets set client:web/day --limit 2.50 --soft --warn-at 50% --warn-at 80%
            orkctl budgets set all/week --time-zone Europe/Berlin

            A spent one refuses requests, with --soft it only warns. A new one is hard, warns at 80% and begins \
            anew with the midnights of UTC. What was spent stays spent when the limit changes; with another time \
            zone it begins anew.
            """)

    @Argument(
        help: ArgumentHelp(
            "user:, client:, key: or pool: and a name, or all; then /hour, /day, /week, /month or /total.",
            valueName: "budget"),
        completion: Completions.budgets)
    var names: [String]

    @Option(help: ArgumentHelp("USD in a period, such as 50 or 0.25.", valueName: "usd"))
    var limit: Dollars?

    @Option(help: ArgumentHelp("By whose midnights, such as UTC or Europe/Berlin.", valueName: "zone"))
    var timeZone: String?

    @Flag(exclusivity: .exclusive)
    var strength: Strength?

    @Option(
        help: ArgumentHelp(
            "Warn when so much is spent, such as 80%; repeatable, or none.", valueName: "percent"))
    var warnAt: [Percentage] = []

    @Option(help: ArgumentHelp("Only if the version, as show prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    /// What a spent one does.
    enum Strength: String, EnumerableFlag {
        case hard, soft

        static func help(for value: Strength) -> ArgumentHelp? {
            switch value {
            case .hard: "Refuse what would exceed it."
            case .soft: "Only warn."
            }
        }
    }

    func validate() throws {
        if limit == nil, timeZone == nil, strength == nil, warnAt.isEmpty {
            throw ValidationError("nothing to change was given")
        }
        if warnAt.count > 1, warnAt.contains(where: { $0.value == nil }) {
            throw ValidationError("--warn-at none stands alone")
        }
    }

    func run(in session: Session) throws {
        var change = BudgetSet(budgets: names)
        change.limit = limit?.amount.decimal
        change.timeZone = timeZone
        change.hard = strength.map { $0 == .hard }
        change.warnAt = warnAt.isEmpty ? nil : warnAt.compactMap(\.value)
        change.ifVersion = ifVersion
        try ChangeReport.budgets.print(
            session.client().send(.budgetsSet, change, query: session.changeQuery), session)
    }
}
