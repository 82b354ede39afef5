internal import ArgumentParser

/// A leaf of the command tree: parse, one call, show.
protocol Verb: ParsableCommand {
    var globals: Globals { get }
    /// How often to run it again; nil for once.
    var watch: WatchOption? { get }
    func run(in session: Session) throws
}

extension Verb {
    var watch: WatchOption? { nil }
}
