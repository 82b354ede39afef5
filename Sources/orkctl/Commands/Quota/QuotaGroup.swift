// Commands/Quota: what keys may still do.
// Here: one file for each verb, the columns of a quota. Not here: what they share with keys.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl quota`.
struct QuotaGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota",
        abstract: "What keys may do in a window of time, and what is left of it.",
        discussion: """
            orkctl quota list
            orkctl quota set main-1 --requests 1000 --window daily
            orkctl quota set 'free-*' --requests 20 --tokens 100k --window hourly
            """,
        subcommands: [
            QuotaList.self, QuotaShow.self, QuotaSetting.self, QuotaClear.self, QuotaRefresh.self,
        ],
        aliases: ["quotas"])
}
