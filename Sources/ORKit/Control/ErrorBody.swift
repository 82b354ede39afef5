/// An error of the control API, and of `orkctl -o json` on stderr.
public struct ErrorBody: Codable, Sendable {
    public var error: Detail

    public struct Detail: Codable, Sendable {
        public var code: ErrorCode
        /// One line, lower case, no full stop, no secret.
        public var message: String
        /// At most two commands that can be pasted.
        public var hints: [String]
        /// What it is about: one of `FailureScope`'s words.
        public var scope: FailureScope

        public init(code: ErrorCode, message: String, hints: [String], scope: FailureScope) {
            self.code = code
            self.message = message
            self.hints = hints
            self.scope = scope
        }
    }

    public init(_ error: Detail) { self.error = error }
}

/// An error with a stable code, thrown by everything behind the control API
/// and by the client of it.
public struct CodedError: Error, Sendable {
    public var code: ErrorCode
    public var message: String
    /// Overrides the catalogue's hints when there is something better to say.
    public var hints: [String]

    public init(_ code: ErrorCode, _ message: String? = nil, hints: [String]? = nil) {
        self.code = code
        self.message = message ?? code.entry.title
        self.hints = hints ?? code.entry.hints
    }

    public var body: ErrorBody {
        ErrorBody(.init(code: code, message: message, hints: hints, scope: code.entry.scope))
    }
}
