// orkctl: the command line over the control socket: parse, one call, show.
// Here: the root command, what holds for every command, the map from errors to exit codes.
// Not here: decisions and transport. May import ArgumentParser, ORKit, ORKClient and Glibc.

internal import ArgumentParser
import Glibc
internal import ORKit

/// The root of the command tree.
@main
struct Orkctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orkctl",
        abstract: "Administer orkd: upstream keys, client keys, requests.",
        discussion: """
            orkctl status                          is it serving, and what is wrong
            orkctl keys add NAME                   asks for the secret, or takes it on stdin
            orkctl keys import keys.txt            many at once
            orkctl clients add NAME                issues a client key
            orkctl explain ID|CODE                 why a request ended so, what a code means
            orkctl shell                           one command after the other, with completion

            The manual page is orkctl(1).
            """,
        version: "orkctl \(API.release)",
        groupedSubcommands: [
            CommandGroup(
                name: "Observe",
                subcommands: [
                    Status.self, Health.self, Events.self, AuditCommand.self, RequestsGroup.self,
                    Explain.self,
                ]),
            CommandGroup(
                name: "Manage",
                subcommands: [
                    KeysGroup.self, ClientsGroup.self, UsersGroup.self, PoolsGroup.self, AccountsGroup.self,
                    QuotaGroup.self, LimitsGroup.self, BudgetsGroup.self, CreditsGroup.self,
                    UsageCommand.self, ReconcileCommand.self,
                    ModelsGroup.self,
                ]),
            CommandGroup(name: "Operate", subcommands: [Cleanup.self, ConfigGroup.self, DaemonGroup.self]),
            CommandGroup(name: "Other", subcommands: [Shell.self, Completion.self, Version.self]),
        ])

    private static let overview = """
        orkctl administers orkd: a pool of API keys behind one OpenAI-compatible port.

          orkctl status               is it serving, and what is wrong
          orkctl keys add NAME        add an upstream key (asks for it, or reads stdin)
          orkctl keys list            what is in the pool
          orkctl clients add NAME     issue a client key
          orkctl explain ID|CODE      why a request ended so, what a code means

        Observe: status health events audit requests usage reconcile explain
        Manage: keys clients users pools accounts quota limits budgets credits models
        Operate: cleanup config daemon              Other: shell completion version help
        More: orkctl help, orkctl COMMAND --help, man orkctl

        """

    static func main() {
        Glibc.exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    func run() throws {
        try Console.write(Array(Self.overview.utf8), to: STDOUT_FILENO)
    }

    /// Runs one command, from the command line or a line of the shell.
    ///
    /// - Returns: the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        // A reader that leaves is told by an error of write, which we expect.
        signal(SIGPIPE, SIG_IGN)
        let isJSON = Invocation.wantsJSON(arguments)
        var path: [String] = []
        do {
            // Before anything can repeat an argument.
            try ArgvGuard.check(arguments)
            let invocation = try Invocation(arguments, root: Orkctl.self)
            path = invocation.path
            var command = try parseAsRoot(invocation.arguments)
            guard let verb = command as? any Verb else {
                try command.run()
                return 0
            }
            if let pause = verb.watch?.pause {
                try Watch.run(verb, every: pause) {
                    Session(verb.globals, path: path, isJSON: isJSON, mayPage: false)
                }
            }
            let session = Session(verb.globals, path: path, isJSON: isJSON)
            defer { try? session.out.flush() }
            try verb.run(in: session)
            try session.out.flush()
            return 0
        } catch {
            // A shell that completes has no place for words of ours.
            if Invocation.isCompletion(arguments), !(error is CodedError), exitCode(for: error) != .success {
                return ErrorCode.usage.entry.exit
            }
            return ExitStatus.conclude(error, root: Orkctl.self, Diagnostics(path: path, isJSON: isJSON))
        }
    }
}
