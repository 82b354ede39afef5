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
        Mutant("guessed rests have no ceiling") { $0.longestGuessedRest = 60 * 86_400_000 },
        Mutant("stated ends are not believed") { $0.longestStatedRest = 0 },
        Mutant("stated ends are believed whatever they are") { $0.longestStatedRest = .max },
        Mutant("no rest has a least length") { $0.shortestRest = 0 },
        Mutant("nothing breaks a key") { $0.failuresToBreak = .max },
        Mutant("four failures break a key") { $0.failuresToBreak = 4 },
        Mutant("trials come early") { $0.brokenRest = 30_000 },
        Mutant("a broken key waits longer than an hour") { $0.longestBrokenRest = 86_400_000 },
        Mutant("two rejections at once make a key invalid") { $0.suspectRecheck = 0 },
        Mutant("retries have no bound") { $0.maxRetries = .max },
        Mutant("the same key is asked again at once") { $0.sameKeyBackoff = 0 },
        Mutant("a bare limit is cascaded over the pool") { $0.otherAccountsAfterBareLimit = .max },
        Mutant("stated rests are looked into at once") { $0.firstProof = 0 },
        Mutant("stated rests are looked into as often as after the first time") { $0.longestProof = 600_000 },
        Mutant("a request may wait for hours") { $0.longestWait = .max },
        Mutant("automation may take out every key") { $0.floorShare = 1_000_000 },
        Mutant("equal failures of accounts are nothing") { $0.correlatedAccounts = .max },
        Mutant("two accounts make an incident") { $0.correlatedAccounts = 2 },
        Mutant("equal failures within an hour are an incident") { $0.correlationWindow = 3_600_000 },
        Mutant("a suspect is checked once an hour") {
            $0.shortestCheck = 3_600_000
            $0.suspectRecheck = 3_600_000
        },
        Mutant("a request may go on for days") { $0.longestRequest = 864_000_000 },
        Mutant("what is stated closes a gate for as long as it says") { $0.longestStatedGate = .max },
        Mutant("an incident is remembered for hours") { $0.promotionLife = 7_200_000 },
        Mutant("failures that all share have no gate") { $0.failuresToClose = .max },
        Mutant("three failures close a gate") { $0.failuresToClose = 3 },
        Mutant("a gate opens at once") { $0.gateRest = 0 },
        Mutant("the queue has no bound") { $0.queue.capacity = .max },
        Mutant("one client may fill the queue") { $0.queue.perClient = .max },
        Mutant("requests wait for minutes") { $0.longestQueueWait *= 10 },
        Mutant("whoever is let go counts as served at once") { $0.queue.patience = 0 },
        Mutant("a gate stays closed for minutes") {
            $0.gateRest = 60_000
            $0.longestGateRest = 600_000
        },
    ]
}
