// Commands/Clients: the verbs of client keys.
// Here: one file for each verb, the columns of a client. Not here: what they share with keys.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl clients`.
struct ClientsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients",
        abstract: "Those who may call, each with a client key.",
        discussion: """
            orkctl clients add billing-batch --expires 90d
            orkctl clients add ci --secret-file /etc/ci/ork.key -q
            orkctl clients rotate billing-batch --grace 24h
            """,
        subcommands: [
            ClientsList.self, ClientsShow.self, ClientsAdd.self, ClientsSet.self, ClientsEnable.self,
            ClientsDisable.self, ClientsRotate.self, ClientsRemove.self, ClientsPrune.self,
        ])
}

/// The clients that a verb is about.
struct ClientSelection: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Names, ids, fingerprints, or globs of names.", valueName: "client"),
        completion: Completions.clients)
    var names: [String]

    func validate() throws {
        if names.contains("") { throw ValidationError("a name is empty") }
    }
}
