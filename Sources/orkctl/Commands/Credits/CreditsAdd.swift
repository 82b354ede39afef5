internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct CreditsAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Give a user credits.",
        discussion: """
            orkctl credits add alice 1M
            orkctl credits add alice 50k --note 'invoice 17' --key invoice-17
            """)

    @Argument(help: ArgumentHelp("The user.", valueName: "user"), completion: Completions.users)
    var user: String

    @Argument(help: ArgumentHelp("How many, such as 100, 5k or 2M.", valueName: "credits"))
    var credits: Quantity

    @OptionGroup var order: OrderOptions
    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if credits.count ?? 0 < 1 { throw ValidationError("the number of credits must be above 0") }
    }

    func run(in session: Session) throws {
        var move = CreditMove(user: user, credits: Int64(credits.count ?? 0))
        move.note = order.note
        move.idempotencyKey = order.key
        try ChangeReport.movements.print(
            session.client().send(.creditsMove, move, query: session.changeQuery), session)
    }
}
