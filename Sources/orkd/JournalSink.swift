import Logging
import ORKit

/// The data path's way out: records to the journal, remarks to the log.
/// Called on event loops; only ever queues.
struct JournalSink: RequestSink {
    let journal: Journal
    let logger: Logger
    /// Hears that requests have ended, many at a time.
    let ended: AsyncStream<Void>.Continuation

    func submit(_ batch: RecordBatch) {
        journal.submit(batch)
        ended.yield()
    }

    func post(_ postings: [Posting], of loop: Int, through ticket: UInt64) {
        journal.post(postings, of: loop, through: ticket)
    }

    func note(_ line: ProxyNote) {
        var metadata: Logger.Metadata = line.fields.mapValues { .string($0) }
        if let request = line.request { metadata["request"] = .string(request.description) }
        logger.warning("\(line.message)", metadata: metadata)
    }
}

extension Journal {
    /// Takes over what the engine wants kept; what an answer brought about is
    /// also logged. Only ever queues.
    func keep(_ effects: [Effect], of request: RequestID?, logger: Logger) {
        carryOut(effects, of: request)
        guard let request else { return }
        for case .transition(let transition) in effects {
            logger.notice(
                "key \(transition.from.rawValue) → \(transition.to.rawValue)",
                metadata: [
                    "key": .stringConvertible(transition.key.raw), "trigger": .string(transition.trigger),
                    "evidence": .string(transition.evidence ?? ""),
                    "until": .string(transition.until?.rfc3339 ?? ""),
                    "request": .string(request.description),
                ])
        }
    }
}
