/// Two readings that do not agree.
public struct Disagreement: Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The same message was read differently.
        case different
        /// We read a message that the other refused.
        case refusedByOther = "refused by the other"
        /// The other got further while we wait for bytes.
        case otherIsAhead = "the other is ahead"
        /// What we sent on is not exactly one whole message.
        case smuggled
    }

    public var kind: Kind
    public var reader: String
    public var stream: [UInt8]
    public var ours: Reading
    public var theirs: Reading

    public var description: String {
        """
        \(kind.rawValue) (\(reader)): \(String(decoding: stream, as: UTF8.self).debugDescription)
            ours:   \(ours)
            theirs: \(theirs)
        """
    }
}

/// The oracle: we refuse, or we read exactly what the other reads.
public enum Comparison {
    /// Compares readings of what came in.
    ///
    /// - Parameter isProxy: the other is a proxy whose reading shows only in
    ///   what it sends on. It may refuse more than we do: then nothing gets
    ///   through it that could be read twice.
    public static func judge(
        _ stream: [UInt8], ours: Reading, theirs: Reading, reader: String, isProxy: Bool = false
    ) -> Disagreement? {
        func found(_ kind: Disagreement.Kind) -> Disagreement {
            Disagreement(kind: kind, reader: reader, stream: stream, ours: ours, theirs: theirs)
        }
        for (place, mine) in ours.messages.enumerated() {
            guard place < theirs.messages.count else {
                return isProxy || stops(theirs) ? nil : found(.refusedByOther)
            }
            let other = theirs.messages[place]
            let agree =
                isProxy
                ? agrees(mine.behindProxy, other.behindProxy, ours.end) : agrees(mine, other, ours.end)
            guard agree else { return found(.different) }
            // Both stopped inside this body, or one refused there: nothing later can be compared.
            if !mine.isComplete { return nil }
            if !other.isComplete { return isProxy ? nil : found(.refusedByOther) }
        }
        if ours.end == .waiting, theirs.messages.count > ours.messages.count { return found(.otherIsAhead) }
        return nil
    }

    /// Compares what was sent on with what should have been: exactly these
    /// whole messages, and nothing behind them.
    public static func judge(
        sent: [UInt8], expected: [ReadMessage], theirs: Reading, reader: String, isProxy: Bool = false
    ) -> Disagreement? {
        let wanted = isProxy ? expected.map(\.behindProxy) : expected
        let read = isProxy ? theirs.messages.map(\.behindProxy) : theirs.messages
        if theirs.end != .refused, read == wanted { return nil }
        return Disagreement(
            kind: .smuggled, reader: reader, stream: sent, ours: Reading(messages: expected), theirs: theirs
        )
    }

    /// Whether the other ended after a message of HTTP/1.0, which it never
    /// keeps a connection for (h11): it has no reading of what follows.
    private static func stops(_ theirs: Reading) -> Bool {
        theirs.end == .closed && theirs.messages.last?.start.last == 0x30
    }

    /// A body of which we have only a part may be there in part only, too:
    /// the other must not find its end where we wait for more. Where we
    /// refused its framing, the other may have gone on.
    private static func agrees(_ mine: ReadMessage, _ other: ReadMessage, _ end: Reading.End) -> Bool {
        guard mine.start == other.start, mine.fields == other.fields else { return false }
        if mine.isComplete, other.isComplete { return mine.body == other.body }
        if mine.isComplete { return mine.body.starts(with: other.body) }
        guard !other.isComplete || end == .refused else { return false }
        return mine.body.starts(with: other.body) || other.body.starts(with: mine.body)
    }
}
