// Commands/Pools: the verbs of pools.
// Here: one file for each verb, the columns of a pool. Not here: what they share with keys.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl pools`.
struct PoolsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pools",
        abstract: "Sets of keys, each for the clients that are bound to it.",
        discussion: """
            orkctl pools add paid --strategy lru
            orkctl pools add free --fallback paid
            orkctl keys set 'free-*' --pool free
            orkctl clients set web --pool free
            """,
        subcommands: [PoolsList.self, PoolsAdd.self, PoolsSet.self, PoolsRemove.self])
}
