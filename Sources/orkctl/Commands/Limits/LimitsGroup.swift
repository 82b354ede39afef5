// Commands/Limits: what clients may do in windows of time.
// Here: one file for each verb, the columns of limits. Not here: quotas of upstream keys (Commands/Quota).
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl limits`.
struct LimitsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "What clients may do in a minute, an hour or a day, and what is left of it.",
        discussion: """
            orkctl limits set web --rpm 60 --tpd 1M
            orkctl limits show web user:alice
            orkctl limits set 'test-*' --rph 100 --concurrency 2 --shadow
            """,
        subcommands: [LimitsShow.self, LimitsSet.self, LimitsClear.self])
}
