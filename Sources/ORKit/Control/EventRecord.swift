/// One line of `GET /v1/events`: something that happened to the pool, the
/// clients, the configuration or the daemon. On disk before anybody sees it.
public struct EventRecord: Codable, Sendable, Hashable {
    /// Opaque; send it back as `after=` to get what came later.
    public var cursor: String
    public var at: String
    /// `key` (a key changed its state), `verdict` (what an answer proved was
    /// put on record against a key), `audit` (somebody changed something),
    /// `condition`, `daemon`, `quota` (more or less is left of a key's quota),
    /// `gap`. Words may be added.
    public var kind: String
    /// `info`, `warning` or `error`.
    public var severity: String
    /// What the event is about: `key`, `client`, `config`, `daemon`, `store`.
    public var noun: String
    /// Its name, where it has one.
    public var subject: String?
    /// The new state of a key, what a verdict made of it (`rest`, `suspect`,
    /// `broken`, `invalid`), an operator's verb, `began`, `ended`,
    /// `started`, `stopping`, `lost`.
    public var event: String
    /// One line for people.
    public var text: String
    public var code: ErrorCode?
    /// The request whose answer proved it.
    public var request: String?
    /// Who did it, as the kernel named the caller: `uid 1000 pid 4242`.
    public var by: String?
    /// Of a gap: how many events are missing, where that is known.
    public var lost: Int64?
    /// Of a verdict: the rule that decided, what it is about, why, for which
    /// model or class alone, until when, the words that prove it, and the
    /// incident: all that are alike and came within moments have one.
    public var rule: String?
    public var scope: String?
    public var cause: String?
    public var model: String?
    public var until: String?
    public var evidence: String?
    public var incident: String?

    public init(
        cursor: String, at: String, kind: String, severity: String, noun: String, subject: String?,
        event: String, text: String, code: ErrorCode? = nil, request: String? = nil, by: String? = nil,
        lost: Int64? = nil
    ) {
        self.cursor = cursor
        self.at = at
        self.kind = kind
        self.severity = severity
        self.noun = noun
        self.subject = subject
        self.event = event
        self.text = text
        self.code = code
        self.request = request
        self.by = by
        self.lost = lost
    }
}
