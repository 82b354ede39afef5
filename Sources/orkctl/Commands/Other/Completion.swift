internal import ArgumentParser

struct Completion: Verb {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script for a shell.",
        discussion: """
            orkctl completion bash > ~/.local/share/bash-completion/completions/orkctl
            orkctl completion zsh  > "${fpath[1]}/_orkctl"
            orkctl completion fish > ~/.config/fish/completions/orkctl.fish
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    @OptionGroup(title: "Global options") var globals: Globals

    enum Shell: String, CaseIterable, ExpressibleByArgument, Sendable {
        case bash, zsh, fish
    }

    func run(in session: Session) throws {
        let kind: CompletionShell
        switch shell {
        case .bash: kind = .bash
        case .zsh: kind = .zsh
        case .fish: kind = .fish
        }
        try session.out.write(Orkctl.completionScript(for: kind) + "\n")
    }
}
