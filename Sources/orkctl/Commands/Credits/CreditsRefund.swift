internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct CreditsRefund: Verb {
    static let configuration = CommandConfiguration(
        commandName: "refund",
        abstract: "Take one movement of credits back.",
        discussion: """
            orkctl credits history alice
            orkctl credits refund 17

            Once: given again, it changes nothing.
            """)

    @Argument(help: ArgumentHelp("The movement's number, as history shows it.", valueName: "movement"))
    var movement: Int64

    @Option(help: ArgumentHelp("Why, for whoever looks later.", valueName: "text"))
    var note: String?

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        var refund = CreditRefund(movement: movement)
        refund.note = note
        try ChangeReport.movements.print(
            session.client().send(.creditsRefund, refund, query: session.changeQuery), session)
    }
}
