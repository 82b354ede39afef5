/// What was counted of limits between two writings: small enough to go with a
/// row of the ledger, while all that is used is written now and then.
public struct LimitIncrement: Sendable, Hashable {
    /// Of one user or client key.
    public struct Change: Sendable, Hashable {
        public var subject: LimitSubject
        /// 0 or more.
        public var requests: Int64
        /// Reserved, less what was given back of that; 0 or more. What is given
        /// back of older reservations is not in it: when those were made is not
        /// known where this is read.
        public var tokens: Int64

        public init(subject: LimitSubject, requests: Int64, tokens: Int64) {
            self.subject = subject
            self.requests = requests
            self.tokens = tokens
        }
    }

    /// Milliseconds of the clock that limits are counted by: when it was written.
    var steady: Int64
    public var changes: [Change]
}

extension LimitIncrement {
    public var packed: [UInt8] {
        var writer = PackWriter()
        writer.signed(steady)
        for change in changes {
            writer.byte(change.subject.isUser ? 0 : 1)
            writer.signed(change.subject.raw)
            writer.signed(change.requests)
            writer.signed(change.tokens)
        }
        return writer.bytes
    }

    /// Nil where the bytes are none.
    public init?(packed bytes: [UInt8]) {
        let read = bytes.withUnsafeBytes { bytes -> LimitIncrement? in
            var reader = PackReader(bytes: bytes)
            guard let steady = reader.signed(), steady >= 0 else { return nil }
            var read = LimitIncrement(steady: steady, changes: [])
            while !reader.isAtEnd {
                guard let kind = reader.byte(), kind < 2, let raw = reader.signed(),
                    let requests = reader.signed(), requests >= 0, let tokens = reader.signed(), tokens >= 0
                else { return nil }
                let subject = kind == 0 ? LimitSubject.user(UserID(raw)) : .client(ClientID(raw))
                read.changes.append(Change(subject: subject, requests: requests, tokens: tokens))
            }
            return read
        }
        guard let read else { return nil }
        self = read
    }
}
