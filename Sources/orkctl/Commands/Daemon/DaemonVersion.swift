internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct DaemonVersion: Verb {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the release of the daemon that answers.")

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ItemEnvelope<VersionReport> = try session.client().get(.version)
        let report = answer.item
        guard try !session.printed(answer, name: report.version) else { return }
        try session.out.write(
            Escaped.line("orkd \(report.version)   API \(report.api)   SQLite \(report.sqlite)") + "\n")
    }
}
