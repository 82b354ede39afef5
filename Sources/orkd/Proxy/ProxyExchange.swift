import NIOCore
import ORKit
import Synchronization

/// One proxied request, from its head to its record. Confined to the event
/// loop of its connection.
///
/// The way through: collect the body, ask the engine for a key, send, judge
/// the answer, perhaps once more on another key, relay, settle, record.
/// Nothing is tried again after a byte of an answer has left.
final class ProxyExchange: Exchange {
    /// Where the request stands.
    enum Stage {
        /// The body is being collected.
        case receiving
        /// It is counted for its client's cap, and waits until that is on disk.
        case counting
        /// An attempt is under way and has no answer yet.
        case waiting
        /// An answer that is not a good one: its body is read, to be judged.
        case judging
        /// A good head came; nothing has been released yet (ruling 38).
        case holding
        /// It is sure to be a good one, and may leave as soon as its
        /// reservation is on disk. No retry from here.
        case reserving
        /// Released: from here on it is this answer or none.
        case relaying
        /// Between two attempts on the same key.
        case pausing
        /// No key could serve: it waits for one, and holds none.
        case queued
        /// The answer is here as a whole; its end waits for the settlement to
        /// be on disk.
        case settling
        /// Its caller has left; the answer is read for what it cost.
        case draining
        case over
    }

    /// Held until the end; the door lets go of its exchange there.
    let door: FrontDoor
    let loop: LoopContext
    var request: ReceivedHead
    let client: ClientEntry
    let path: ProxyPath
    let method: RequestMethod
    var stage = Stage.receiving

    // The request's side
    var body = CallerBody()
    var ask: Ask
    var isStream = false

    // The attempts
    /// What the first decision had to choose among.
    var candidates: Census?
    var lease: Lease?
    var allowance = Allowance()
    var attempts: [AttemptRecord] = []
    /// What went wrong so far, as the caller is told in the end.
    var tried: [ErrorAnswer.Tried] = []
    var upstream: UpstreamConnection?
    /// Rises with every attempt: what an older one still reports is ignored.
    var serial = 0
    var attemptStart: Int64 = 0
    var triedStale = false
    /// Its place among those under way, where something bounds the client.
    var limitLease: LimitLease?
    /// Of the dollars that it may cost.
    var budget = BudgetStay()
    /// What the caller is told of its limits.
    var rateLimit: RateLimitFields?
    /// Set as soon as it has waited for a key, or could not.
    var queueStay: QueueStay?
    /// The cap that it was counted for.
    var grant: RequestCap?

    // The answer
    var answerHead = AnswerHead()
    var held = ByteBuffer()
    var heldMarks = AnswerMarks()
    var scanner = AnswerScanner(format: .opaque, skin: .other)
    var answer: CallerAnswer?
    var upstreamOver = false
    /// Why an answer that is no good one is not whole either.
    var brokenBy: TransportFailure?
    var dropsRest = false
    var headMilliseconds: Double?
    var firstByte: Int64?
    var status: UInt16 = 0
    /// When the present stage ends by itself, or the upstream was last heard.
    var stageSince: Int64
    var lastHeard: Int64 = 0
    var lastSent: Int64 = 0
    /// An answer that is not a good one is relayed as it is.
    var isPassing = false
    /// The counter of running streams counts it.
    var isCountedAsStream = false
    /// Something came that leaves with this turn of the loop.
    var owesFlush = false
    var generation: String?
    var ledger = LedgerStay()
    var drained = Drained()
    /// Among those that are drained.
    var rosterPlace = -1

    init(door: FrontDoor, request: ReceivedHead, client: ClientEntry, path: ProxyPath) {
        self.door = door
        self.request = request
        self.client = client
        self.path = path
        loop = door.loop
        method = door.parser.head.method
        ask = Ask(client: client.id, model: nil, pool: client.pool)
        stageSince = request.at.monotonic
    }

    var gateway: Gateway { loop.gateway }
    var dialect: ErrorDialect { ErrorDialect(path.skin) }
    /// Whether the caller knows the end of the answer only by the end of the
    /// connection.
    var endsByClosing: Bool { answer?.endsByClosing == true }

    func start() {
        loop.counters.requests.add(1, ordering: .relaxed)
        loop.counters.inFlight.add(1, ordering: .relaxed)
        door.parser.read { body.prepare(head: $0, source: request.source, skin: path.skin) }
        if body.isExpected { door.continueIfExpected() }
    }

    // The body

    func body(_ slice: ByteBuffer) {
        switch stage {
        case .receiving:
            guard body.total + Int64(slice.readableBytes) <= gateway.settings.bodyLimit else {
                refuse(ErrorAnswer(.bodyTooLarge))
                return
            }
            guard body.keep(slice, gateway: gateway) else {
                refuse(ErrorAnswer(.overloaded, retryAfterMilliseconds: 1000))
                return
            }
            if body.mustStream(limit: gateway.settings.replayLimit) {
                body.isStreamed = true
                door.wantBody(false)
                readFields()
            }
        case .over, .draining:
            break
        default:
            forward(slice)
        }
    }

    func bodyEnded() {
        body.isWhole = true
        switch stage {
        case .receiving: readFields()
        case .over, .draining: break
        default: if body.isStreamed { forward(nil) }
        }
    }

    func bodyRefused(_ code: ErrorCode, _ detail: String?) {
        guard stage != .over else { return }
        giveUp(ErrorAnswer(code, detail: detail))
    }

    /// Looks at the fields that matter here, then asks for a key.
    private func readFields() {
        ask.replayable = !body.isStreamed
        if door.parser.first(.objective) != nil {
            ask.objective = door.parser.head.objective(in: request.source)
            if ask.objective == nil { return refuse(ErrorAnswer(.badObjective)) }
        }
        // Where only JSON has a meaning, nothing at all is no body either.
        if path.class == .inference, method == .post, body.keptLength != nil || path.skin != .other {
            let session = door.parser.first(.xSessionID)?.value
            let asker = gateway.box.leadsConversations ? client.id : nil
            switch body.fields(of: asker, session: session, source: request.source) {
            case .absent:
                if isMetered, !holdCredits(CallerBody.Facts()) { return }
            case .found(let facts):
                ask.model = facts.model
                ask.affinity = facts.conversation
                isStream = facts.stream
                if gateway.settings.inputLimits.isOn,
                    let error = body.excess(over: gateway.settings.inputLimits)
                {
                    refuse(error)
                    return
                }
                if isMetered, !holdCredits(facts) { return }
            case .refused(let code, let rule):
                refuse(ErrorAnswer(code, message: code.entry.title + ": \(rule)"))
                return
            }
        }
        if let models = client.rules?.models,
            let error = body.refusal(by: models, path: path, method: method)
        {
            if error.code == .modelNotPermitted { noteRefusal(error.code) }
            return refuse(error)
        }
        guard let cap = client.rules?.cap else { return begin() }
        count(for: cap)
    }

    /// For the log and the audit trail.
    private func noteRefusal(_ code: ErrorCode) {
        request.source.withUnsafeReadableBytes { source in
            door.parser.read { head in
                _ = DataExchange.noteRefusal(.init(code, at: .proxy), head, source, door, request.at)
            }
        }
    }
}
