// Commands/Other: what is about orkctl, or shared by verbs of several nouns.
// Here: version, completion, the rules of prune. Not here: anything about one noun alone.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct Version: Verb {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the releases of orkctl and of the daemon, if one answers.")

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let client = session.client(patience: .seconds(2))
        // The daemon may be absent; what differs is plain to see here.
        client.releaseDiffers = nil
        var daemon: VersionReport?
        do {
            daemon = try client.get(.version, as: ItemEnvelope<VersionReport>.self).item
        } catch is CodedError {
            daemon = nil
        }
        let versions = Versions(orkctl: API.release, api: API.version, orkd: daemon)
        guard try !session.printed(ItemEnvelope(schema: "ork.versions/1", item: versions), name: API.release)
        else {
            return
        }
        try session.out.write("orkctl \(API.release)   API \(API.version)\n")
        let theirs =
            daemon.map { "orkd \($0.version)   API \($0.api)   SQLite \($0.sqlite)" }
            ?? "orkd does not answer"
        try session.out.write(Escaped.line(theirs) + "\n")
    }
}

/// Both releases.
private struct Versions: Codable, Sendable {
    let orkctl: String
    let api: Int
    let orkd: VersionReport?
}
