@testable import ORKit

/// What users have, added up from scratch: no accounts, no postings, nothing
/// shared with what it judges.
struct LedgerOracle {
    private struct Request {
        var user: UserID
        var held: Int64
        /// Nil while it runs.
        var cost: Int64?
    }

    private var requests: [UInt64: Request] = [:]
    private var moves: [(user: UserID, credits: Int64)] = []
    /// What is on disk and over: nothing changes it any more.
    private var past: [UserID: Int64] = [:]

    func balance(_ user: UserID) -> Int64 {
        past[user, default: 0] + moves.reduce(0) { $0 + ($1.user == user ? $1.credits : 0) }
            - requests.values.reduce(0) { $0 + ($1.user == user ? $1.cost ?? 0 : 0) }
    }

    func held(_ user: UserID) -> Int64 {
        requests.values.reduce(0) { $0 + ($1.user == user && $1.cost == nil ? $1.held : 0) }
    }

    func mayHold(_ credits: Int64, _ user: UserID) -> Bool { balance(user) - held(user) >= credits }

    mutating func moved(_ credits: Int64, _ user: UserID) { moves.append((user, credits)) }

    mutating func began(_ request: UInt64, _ held: Int64, _ user: UserID) {
        requests[request] = Request(user: user, held: held)
    }

    mutating func grew(_ request: UInt64, by credits: Int64) { requests[request]?.held += credits }

    mutating func ended(_ request: UInt64, _ cost: Int64) { requests[request]?.cost = cost }

    /// All of it is on disk.
    mutating func committed() {
        for move in moves { past[move.user, default: 0] += move.credits }
        moves = []
        for (id, request) in requests {
            guard let cost = request.cost else { continue }
            past[request.user, default: 0] -= cost
            requests[id] = nil
        }
    }

    /// What was not on disk never was; what ran is over, and free.
    mutating func crashed() {
        moves = []
        requests = [:]
    }
}
