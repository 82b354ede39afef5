// Commands/Requests: what was proxied, and why it ended so.
// Here: the list of requests, one request, its decision trail. Not here: what an answer proves (ORKit/Engine).
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl requests`.
struct RequestsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "Requests that were proxied lately.",
        discussion: """
            orkctl requests list --failed --since -15m
            orkctl explain ID
            """,
        subcommands: [RequestsList.self, RequestsShow.self])
}
