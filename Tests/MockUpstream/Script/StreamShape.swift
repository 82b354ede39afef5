/// The switches of a stream (openrouter-api 4 and 11.5).
public struct StreamShape: Sendable {
    /// Between events that carry text.
    public var gap: Duration = .zero
    /// `: OPENROUTER PROCESSING` so many times before anything else.
    public var comments = 0
    /// One more comment after every so many events.
    public var commentEvery: Int?
    public var usage: UsageForm = .repeatedFinish
    /// `data: [DONE]` at the end; on messages the trailer that is none of
    /// Anthropic's.
    public var done = true
    public var fault: Fault?
    /// Waits at the gate before the event of that number, counted from 0 over
    /// all data events.
    public var gates: [Int: Gate] = [:]
    /// Positions in the body at which writes are cut.
    public var cuts: [Int] = []
    /// All events in one write, as a proxy in between may do.
    public var merged = false
    /// Lines end with CRLF.
    public var crlf = false

    public init() {}

    /// The three forms of the usage event seen on the wire, and two faults.
    public enum UsageForm: Sendable, CaseIterable {
        /// `choices: []`, as documented.
        case emptyChoices
        /// One empty delta, `finish_reason: null`.
        case nullFinish
        /// One empty delta that repeats the `finish_reason`.
        case repeatedFinish
        /// In the same event as the `finish_reason`.
        case withFinish
        case absent
    }

    public enum Fault: Sendable {
        /// An error event as the first data event, with `choices: []`.
        case errorFirst(Int)
        /// An error event after so many events with text.
        case error(Int, after: Int)
        /// FIN, framing ended well, after so many events with text; no finish
        /// reason, no `[DONE]`. 0: comments only.
        case end(after: Int)
        /// FIN in the middle of the framing.
        case cut(after: Int)
        case reset(after: Int)
        case stall(after: Int)
        case truncatedChunk(after: Int)
        case badChunk(after: Int)
    }
}
