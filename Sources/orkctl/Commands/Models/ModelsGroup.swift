// Commands/Models: what models there are, and what they cost.
// Here: one file for each verb, the columns of a model, of a provider and of the cache. Not here: prices (ORKit/Prices).
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl models`.
struct ModelsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "What models there are and what they cost, as the upstream says.",
        discussion: """
            orkctl models list 'deepseek/*' --sort prompt
            orkctl models show openai/gpt-4o-mini
            orkctl models providers

            The list is asked for about once an hour (upstream.models_every) and kept; while the upstream cannot be \
            asked the last one holds.
            """,
        subcommands: [
            ModelsList.self, ModelsShow.self, ModelsProviders.self, ModelsRefresh.self, ModelsCache.self,
        ])
}
