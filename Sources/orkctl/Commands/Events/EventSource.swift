import Glibc
internal import ORKClient
internal import ORKit

/// Where events come from: one call for what was, one without end for what
/// comes, and again from the same place when the daemon was away.
struct EventSource {
    private let session: Session

    init(_ session: Session) { self.session = session }

    static func query(after cursor: String?, since: WallTime?, until: WallTime?) -> [QueryItem] {
        if let cursor { return [QueryItem("after", cursor)] + untilItem(until) }
        return (since.map { [QueryItem("since", $0.rfc3339)] } ?? []) + untilItem(until)
    }

    private static func untilItem(_ until: WallTime?) -> [QueryItem] {
        until.map { [QueryItem("until", $0.rfc3339)] } ?? []
    }

    func history(_ query: [QueryItem], _ each: @escaping (EventRecord) throws -> Void) throws {
        try session.client(patience: nil).stream(.events, query: query, each: each)
    }

    /// Until Ctrl-C, or until the output is closed.
    ///
    /// - Parameter since: where to begin when nothing was seen yet.
    func follow(after cursor: String?, since: WallTime, _ each: @escaping (EventRecord) throws -> Void)
        throws -> Never
    {
        var cursor = cursor
        var isAway = false
        while true {
            let query = Self.query(after: cursor, since: since, until: nil) + [QueryItem("follow", "true")]
            do {
                try history(query) { record in
                    if isAway { session.diagnostics.say("orkd is back") }
                    isAway = false
                    cursor = record.cursor
                    try each(record)
                }
            } catch let error as CodedError where error.code == .daemonAbsent {
                // It was there a moment ago: whoever watches a restart wants to see its end.
                if !isAway { session.diagnostics.say("orkd has gone; waiting for it (Ctrl-C ends)") }
                isAway = true
            }
            try Interrupt.sleep(milliseconds: 500)
        }
    }
}
