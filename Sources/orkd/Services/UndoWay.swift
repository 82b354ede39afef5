import ORKit

/// What of the marks on keys is to be taken back.
enum UndoWay: Sendable, Hashable {
    /// The newest of one key.
    case newest
    /// The newest, with all that are like it and came within moments.
    case wave
    /// All that was guessed since then.
    case since(WallTime)
    /// All that one incident left.
    case incident(Incident)

    /// - Throws: `bad-value` when it is asked for in two ways, or in one that
    ///   cannot be read; `incident-not-found` when it can be no incident.
    init(_ request: KeyUndo) throws {
        let isWave = request.wave ?? false
        guard [isWave, request.since != nil, request.incident != nil].count(where: { $0 }) < 2 else {
            throw CodedError(.badValue, "wave, since and incident exclude each other")
        }
        if let text = request.since {
            guard let time = WallTime(rfc3339: text) else {
                throw CodedError(.badValue, "since must be a time like 2026-11-21T14:00:00Z")
            }
            self = .since(time)
        } else if let text = request.incident {
            guard let incident = Incident(text) else {
                throw CodedError(
                    .incidentNotFound, "there is no record of incident “\(KeyFields.shown(text))”")
            }
            self = .incident(incident)
        } else {
            self = isWave ? .wave : .newest
        }
    }
}
