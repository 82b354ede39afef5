internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct RequestsShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that is known about a request.",
        discussion: "The id is in the Ork-Request header of every answer. As a story: orkctl explain ID.")

    @Argument(help: "The request.")
    var id: String

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ItemEnvelope<RequestView> = try session.client().get(.requestsShow, id: id)
        guard try !session.printed(answer, name: answer.item.id) else { return }
        if session.format == .csv || session.format == .tsv {
            return try Listing.requests.print([answer.item], session)
        }
        try Listing.requests.show(session, [answer.item])
        for (index, attempt) in answer.item.attempts.enumerated() {
            let status = attempt.status.map(String.init) ?? "no answer"
            let took = Human.milliseconds(attempt.milliseconds)
            let text =
                "attempt \(index + 1)   \(attempt.key)   \(status)   \(attempt.cause)   \(attempt.rule)   \(took)"
            try session.out.write(Escaped.line(text) + "\n")
        }
    }
}
