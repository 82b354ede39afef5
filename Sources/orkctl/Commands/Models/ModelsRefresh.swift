internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ModelsRefresh: Verb {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Ask the upstream for its list of models now, and keep it.",
        discussion: "Costs nothing. When it cannot be asked, what is known stays.")

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ChangeEnvelope<ModelCacheView> = try session.client(patience: Session.upstreamPatience)
            .send(.modelsRefresh, query: session.changeQuery)
        let report = ChangeReport<ModelCacheView>(name: { _ in "models" }).saying { change, _ in
            let count = "\(Human.count(change.item.models)) models"
            return change.changed ? "\(count), refreshed" : "\(count), unchanged"
        }
        try report.print(answer, session)
    }
}
