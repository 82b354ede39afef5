internal import ArgumentParser

/// A leaf of the command tree: parse, one call, show.
protocol Verb: ParsableCommand {
    var globals: Globals { get }
    func run(in session: Session) throws
}
