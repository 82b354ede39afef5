import ORKit

/// What one event loop has posted and waits for. Its postings are numbered
/// from 1; the journal says up to which number they are on disk.
struct LoopLedger {
    /// A request that goes on when a number is on disk.
    struct Wait {
        let ticket: UInt64
        let exchange: ProxyExchange
    }

    private var postings: [Posting] = []
    private var waiting: [Wait] = []
    private var ticket: UInt64 = 0
    /// Requests whose reservations need not be posted yet: those since the last
    /// tick, and those since the one before.
    private var young: [ProxyExchange] = []
    private var old: [ProxyExchange] = []
    /// Requests whose answers wait for their reservations.
    private var asking: [ProxyExchange] = []
    /// All up to this one are on disk.
    private(set) var onDisk: UInt64 = 0

    /// Takes a line in.
    ///
    /// - Returns: its number.
    mutating func post(_ posting: consuming Posting) -> UInt64 {
        postings.append(posting)
        ticket += 1
        return ticket
    }

    /// Keeps a request whose reservation nobody waits for. Should it be over
    /// soon, it is one line with its settlement.
    mutating func keep(_ exchange: ProxyExchange) { young.append(exchange) }

    /// A tick has passed.
    ///
    /// - Returns: those that were kept for a whole tick already.
    mutating func age() -> [ProxyExchange] {
        let due = old
        old = young
        young = []
        young.reserveCapacity(old.count)
        return due
    }

    /// - Returns: all that are kept.
    mutating func takeKept() -> [ProxyExchange] {
        let kept = old + young
        (old, young) = ([], [])
        return kept
    }

    /// An answer has begun to come, and a byte of it may leave when its
    /// reservation is on disk.
    mutating func ask(_ exchange: ProxyExchange) { asking.append(exchange) }

    /// Somebody asked.
    var isAsked: Bool { !asking.isEmpty }

    /// - Returns: all who asked.
    mutating func takeAsking() -> [ProxyExchange] {
        var taken: [ProxyExchange] = []
        swap(&taken, &asking)
        return taken
    }

    var keepsSome: Bool { !young.isEmpty || !old.isEmpty }

    /// Nothing is to be handed over.
    var isEmpty: Bool { postings.isEmpty }

    /// What is to be handed over, and the number of the last.
    mutating func take() -> (postings: [Posting], through: UInt64) {
        var taken: [Posting] = []
        swap(&taken, &postings)
        postings.reserveCapacity(taken.count)
        return (taken, ticket)
    }

    mutating func wait(_ exchange: ProxyExchange, for ticket: UInt64) {
        waiting.append(Wait(ticket: ticket, exchange: exchange))
    }

    /// Postings up to a number are on disk.
    ///
    /// - Returns: those who waited for one of them.
    mutating func reached(_ ticket: UInt64) -> [Wait] {
        onDisk = max(onDisk, ticket)
        var due: [Wait] = []
        swap(&due, &waiting)
        let rest = due.partition { $0.ticket > onDisk }
        // As a rule nobody: a commit takes all that wait.
        if rest < due.endIndex {
            waiting = Array(due[rest...])
            due.removeSubrange(rest...)
        } else {
            waiting.reserveCapacity(due.count)
        }
        return due
    }

    /// All who wait, whatever for.
    var everybody: [ProxyExchange] { waiting.map(\.exchange) }
}
