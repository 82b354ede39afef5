extension Wire {
    /// Reads one whole answer; what comes after it stays on the wire.
    ///
    /// An answer that breaks off is returned with `complete` false.
    public func reply(answersHead: Bool = false) async throws -> Reply {
        try await UnfinishedReply(self, ReplyReader(answersHead: answersHead)).rest()
    }

    /// Reads an answer up to the point where its body satisfies `enough`, and
    /// hands over a function that reads the rest.
    public func reply(
        until enough: @Sendable (Reply) -> Bool
    ) async throws -> (soFar: Reply, rest: @Sendable () async throws -> Reply) {
        let now = try await beginReply(until: enough)
        return (now.soFar, { try await now.rest() })
    }

    /// Reads an answer up to the point where its body satisfies `enough`.
    public func beginReply(until enough: @Sendable (Reply) -> Bool) async throws -> UnfinishedReply {
        try await UnfinishedReply(self, ReplyReader(answersHead: false)).more(until: enough)
    }
}

/// An answer of which a part has been read.
public struct UnfinishedReply: Sendable {
    private let wire: Wire
    private var reader: ReplyReader

    init(_ wire: Wire, _ reader: ReplyReader) {
        self.wire = wire
        self.reader = reader
    }

    public var soFar: Reply { reader.reply }

    /// Reads on, to a further point.
    public func more(until enough: @Sendable (Reply) -> Bool) async throws -> UnfinishedReply {
        var next = self
        while !next.reader.isOver, !(next.reader.hasHead && enough(next.reader.reply)) {
            let bytes = try await wire.take()
            if bytes.isEmpty {
                next.reader.finish()
                break
            }
            try next.reader.feed(bytes)
        }
        return next
    }

    /// Reads to the end; what comes after it stays on the wire.
    public func rest() async throws -> Reply {
        let whole = try await more { _ in false }
        if !whole.reader.surplus.isEmpty { wire.giveBack(whole.reader.surplus) }
        return whole.reader.reply
    }
}
