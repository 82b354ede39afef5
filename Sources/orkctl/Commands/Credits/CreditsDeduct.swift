internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct CreditsDeduct: Verb {
    static let configuration = CommandConfiguration(
        commandName: "deduct",
        abstract: "Take credits from a user.",
        discussion: """
            orkctl credits deduct alice 500 --note 'paid back'

            No more than is free: what running requests hold stays theirs.
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
        move.deduct = true
        move.note = order.note
        move.idempotencyKey = order.key
        try ChangeReport.movements.print(
            session.client().send(.creditsMove, move, query: session.changeQuery), session)
    }
}
