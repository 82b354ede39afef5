/// What reading a head has come to.
package enum HeadProgress: Sendable {
    /// More bytes are needed.
    case incomplete
    /// The head is `length` bytes long, the empty line included.
    case complete(length: Int)
    /// Not to be repaired: answer and close (promise 5).
    case refused(HeadRefusal)
}

/// Why a head is refused.
package struct HeadRefusal: Hashable, Sendable {
    package let code: ErrorCode
    /// Name of the rule that was broken, for logs and tests.
    package let rule: StaticString

    init(_ code: ErrorCode, _ rule: StaticString) {
        self.code = code
        self.rule = rule
    }

    /// The status to answer with.
    package var status: Int {
        switch code {
        case .headTooLarge: 431
        case .methodNotAllowed: 405
        case .versionNotSupported: 505
        case .expectationFailed: 417
        case .upstreamProtocol: 502
        default: 400
        }
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.code == b.code && a.rule.description == b.rule.description
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// How large a head may be (reliability.md F7).
package struct HeadLimits: Hashable, Sendable {
    /// Bytes of one line, without its end.
    package let line: Int
    /// Bytes of the whole head.
    package let block: Int
    package let fields: Int

    /// Values are held between 64 bytes and 1 MiB, and 1 and 1000 fields.
    package init(line: Int = 16 * 1024, block: Int = 32 * 1024, fields: Int = 100) {
        self.line = min(max(line, 64), 1 << 20)
        self.block = min(max(block, 64), 1 << 20)
        self.fields = min(max(fields, 1), 1000)
    }
}
