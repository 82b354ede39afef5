// Commands/Config: the settings of the daemon.
// Here: show, check, set. Not here: what a setting means (the daemon knows).
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl config`.
struct ConfigGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "The settings of the daemon.",
        subcommands: [ConfigShow.self, ConfigCheck.self, ConfigSetGroup.self])
}

/// `orkctl config set`: what can change while the daemon runs.
struct ConfigSetGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change a setting while the daemon runs.",
        subcommands: [ConfigSetStrategy.self])
}
