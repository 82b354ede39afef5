/// Where a body ends.
package enum BodyFraming: Hashable, Sendable {
    /// There is no body.
    case none
    /// Exactly that many bytes, 0 or more.
    case length(Int64)
    case chunked
    /// Everything until the connection ends; responses only.
    case untilClose

    // The generic operators compare through witness tables; these do not.

    package var isNone: Bool { if case .none = self { true } else { false } }
    package var isLength: Bool { if case .length = self { true } else { false } }
    package var isChunked: Bool { if case .chunked = self { true } else { false } }
    package var endsByClosing: Bool { if case .untilClose = self { true } else { false } }
}

/// The head of a request: ranges into the received bytes, nothing copied.
package struct RequestHead: Equatable, Sendable {
    package internal(set) var method = RequestMethod.get
    /// The whole request target; begins with `/`.
    package internal(set) var target = Span.empty
    /// The target up to `?`.
    package internal(set) var path = Span.empty
    /// What follows the first `?`, without it; nil when there is none.
    package internal(set) var query: Span?
    /// 0 or 1.
    package internal(set) var minorVersion: UInt8 = 1
    package internal(set) var fields: [Field] = []
    package internal(set) var framing = BodyFraming.none
    /// Whether the caller lets the connection live after this request.
    package internal(set) var keepAlive = true
    /// A body follows only after `100 Continue`.
    package internal(set) var expectsContinue = false
    package internal(set) var host: Span?
    /// Names in `Connection` other than `close` and `keep-alive`: these
    /// fields end here. Never one that frames, names the host or carries a
    /// credential.
    package internal(set) var connectionNamed: [Span] = []
    /// Bits of the kinds that occur.
    var kinds: UInt64 = 0

    /// The first field of that kind.
    package func first(_ kind: FieldKind) -> Field? {
        kinds & kind.bit == 0 ? nil : fields.first { $0.kind == kind }
    }

    package func has(_ kind: FieldKind) -> Bool { kinds & kind.bit != 0 }

    package func count(of kind: FieldKind) -> Int {
        kinds & kind.bit == 0 ? 0 : fields.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) }
    }
}

/// The head of a response: ranges into the received bytes, nothing copied.
package struct ResponseHead: Equatable, Sendable {
    /// 100 to 599.
    package internal(set) var status: UInt16 = 0
    /// 0 or 1.
    package internal(set) var minorVersion: UInt8 = 1
    package internal(set) var fields: [Field] = []
    /// How the body comes, given the method of the request.
    package internal(set) var framing = BodyFraming.none
    /// `Content-Length` as it stands, also where no body follows (HEAD, 304).
    package internal(set) var statedLength: Int64?
    /// Whether the upstream lets the connection live after this response.
    package internal(set) var keepAlive = true
    /// What the body is, from `Content-Type` and `Content-Encoding`.
    package internal(set) var format = AnswerFormat.opaque
    package internal(set) var connectionNamed: [Span] = []
    /// Bits of the kinds that occur.
    var kinds: UInt64 = 0

    package init() {}

    /// The first field of that kind.
    package func first(_ kind: FieldKind) -> Field? {
        kinds & kind.bit == 0 ? nil : fields.first { $0.kind == kind }
    }

    package func has(_ kind: FieldKind) -> Bool { kinds & kind.bit != 0 }

    package func count(of kind: FieldKind) -> Int {
        kinds & kind.bit == 0 ? 0 : fields.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) }
    }
}
