import ORKit

/// A guard of the engine taken away by its setting: the simulation must
/// notice, or it checks nothing.
package struct Mutant: Sendable {
    package let name: String
    let change: @Sendable (inout EngineSettings) -> Void

    private init(_ name: String, _ change: @escaping @Sendable (inout EngineSettings) -> Void) {
        self.name = name
        self.change = change
    }

    package static let all = [
        Mutant("guessed rests are shorter") { $0.guessedRest = 50_000 },
        Mutant("stated ends are not believed") { $0.longestStatedRest = 0 },
        Mutant("stated ends are believed whatever they are") { $0.longestStatedRest = .max },
        Mutant("no rest has a least length") { $0.shortestRest = 0 },
        Mutant("nothing breaks a key") { $0.failuresToBreak = .max },
        Mutant("four failures break a key") { $0.failuresToBreak = 4 },
        Mutant("trials come early") { $0.brokenRest = 30_000 },
        Mutant("two rejections at once make a key invalid") { $0.suspectRecheck = 0 },
        Mutant("attempts have no bound") { $0.maxAttempts = .max },
        Mutant("the same key is asked again at once") { $0.sameKeyBackoff = 0 },
    ]
}
