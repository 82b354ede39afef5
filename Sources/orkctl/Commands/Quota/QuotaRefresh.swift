internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct QuotaRefresh: Verb {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Ask the upstream what it says is left, and keep it.",
        discussion: "Costs nothing and uses no quota. Exits 2 when a key could not be asked about.")

    @OptionGroup var keys: KeySelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ChangeEnvelope<QuotaView> = try session.client(patience: Session.upstreamPatience).send(
            .quotasRefresh, keys.selection, query: session.changeQuery)
        try ChangeReport.quotas.print(answer, session)
        if answer.items.contains(where: { !$0.changed }) { throw Ended(code: ExitStatus.negative) }
    }
}
