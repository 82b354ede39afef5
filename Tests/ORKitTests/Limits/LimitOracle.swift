@testable import ORKit

/// What was admitted, one entry for each request, and sums over them: no
/// rings, no clock, nothing shared with what it judges.
struct LimitOracle {
    struct Entry {
        var request: Int
        /// True milliseconds, of a clock that nobody sets.
        var at: Int64
        /// The day that the calendar showed.
        var day: Int64
        var requests: Int64
        var tokens: Int64
    }

    private var entries: [LimitSubject: [Entry]] = [:]
    private(set) var open: [LimitSubject: Set<Int>] = [:]

    mutating func admitted(
        _ request: Int, of subjects: [LimitSubject], _ tokens: Int64, at: Int64, day: Int64
    ) {
        for subject in subjects {
            let entry = Entry(request: request, at: at, day: day, requests: 1, tokens: tokens)
            entries[subject, default: []].append(entry)
            entries[subject]?.removeAll { at - $0.at > 3 * 86_400_000 }
            open[subject, default: []].insert(request)
        }
    }

    /// What was reserved for too much never was; what came on top came now.
    mutating func ended(_ request: Int, of subjects: [LimitSubject], _ tokens: Int64?, at: Int64, day: Int64)
    {
        for subject in subjects {
            open[subject]?.remove(request)
            guard let tokens, let place = entries[subject]?.firstIndex(where: { $0.request == request }),
                let reserved = entries[subject]?[place].tokens
            else { continue }
            entries[subject]?[place].tokens = min(reserved, tokens)
            if tokens > reserved {
                entries[subject]?.append(
                    Entry(request: 0, at: at, day: day, requests: 0, tokens: tokens - reserved))
            }
        }
    }

    /// All that was under way is gone.
    mutating func crashed() { open = [:] }

    /// What was given back of a reservation is not known any more.
    mutating func restored(_ request: Int, of subjects: [LimitSubject], _ reserved: Int64) {
        for subject in subjects {
            guard let place = entries[subject]?.firstIndex(where: { $0.request == request }) else { continue }
            entries[subject]?[place].tokens = reserved
        }
    }

    /// What was used later than so many milliseconds ago.
    func used(_ kind: LimitKind, by subject: LimitSubject, since: Int64) -> Int64 {
        sum(kind, subject) { $0.at > since }
    }

    func used(_ kind: LimitKind, by subject: LimitSubject, on day: Int64) -> Int64 {
        sum(kind, subject) { $0.day == day }
    }

    private func sum(_ kind: LimitKind, _ subject: LimitSubject, _ counts: (Entry) -> Bool) -> Int64 {
        let isTokens = [.tokensPerMinute, .tokensPerHour, .tokensPerDay].contains(kind)
        return (entries[subject] ?? []).filter(counts).reduce(0) { $0 + (isTokens ? $1.tokens : $1.requests) }
    }
}
