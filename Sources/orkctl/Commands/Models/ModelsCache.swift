internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ModelsCache: Verb {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Show how fresh what is known about models is.")

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ItemEnvelope<ModelCacheView> = try session.client().get(.modelsCache)
        guard try !session.printed(answer, name: answer.item.valid ? "valid" : "stale") else { return }
        try Listing.modelCache.show(session, [answer.item])
    }
}
