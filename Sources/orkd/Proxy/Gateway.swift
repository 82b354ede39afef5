import NIOConcurrencyHelpers
import NIOCore
import ORKit
import Synchronization

/// What all event loops share: the engine behind its lock, the way to the
/// store, and a handful of counters. Everything else is per loop.
final class Gateway: Sendable {
    let settings: ProxySettings
    let origin: Origin
    let box: EngineBox
    /// Users' credits.
    let books: BooksBox
    /// Who waits for a key.
    let room: WaitingRoom
    let sink: any RequestSink
    let web: Application
    /// While it says no, no new request is admitted (503 `storage-unavailable`).
    let store: StoreHealth
    /// While true no new request is admitted (503 `draining`).
    let draining = Atomic<Bool>(false)
    /// Bytes of request bodies that are kept for a replay, all loops together.
    let keptBytes = Atomic<Int>(0)
    let memory: MemoryCeiling
    let caps: RequestCaps
    /// Callers that were not let in lately.
    private let failures: NIOLockedValueBox<FailedAdmissions>
    private let visits = NIOLockedValueBox(AdminVisits())
    private let registrations = NIOLockedValueBox(CallRates(registrationCalls, in: 3600 * .second))
    private let management = NIOLockedValueBox(CallRates(managementCalls, in: 60 * .second))
    /// Open connections of callers, all loops together.
    private let connections = Atomic<Int>(0)
    /// Answers that are read for nobody, all loops together.
    private let drains = Atomic<Int>(0)
    /// Those that are to be told that there is no room for them.
    private let surplus = Atomic<Int>(0)
    /// The kernel had no descriptor or memory for a connection: how often, and
    /// when last (nanoseconds of the monotonic clock).
    let failedAccepts = Atomic<Int64>(0)
    let lastFailedAccept = Atomic<Int64>(0)

    /// Tries to register from one address in an hour (K-21).
    static let registrationCalls = 10
    /// Calls of administration from one address in a minute (RL-10).
    static let managementCalls = 100

    /// More than this wait for no refusal: they hold descriptors that those
    /// within need.
    private static let surplusBound = 128

    init(
        settings: ProxySettings, origin: Origin, box: EngineBox, books: BooksBox = BooksBox(),
        sink: any RequestSink, web: Application, store: StoreHealth, caps: RequestCaps = RequestCaps()
    ) {
        self.books = books
        self.settings = settings
        self.origin = origin
        self.box = box
        room = WaitingRoom(box)
        self.sink = sink
        self.web = web
        self.store = store
        self.caps = caps
        memory = MemoryCeiling(limit: settings.memoryLimit)
        failures = NIOLockedValueBox(FailedAdmissions(most: settings.authFailures))
    }

    /// What becomes of a new connection.
    enum Admission {
        case admitted
        /// There are as many as there may be: it is told so.
        case surplus
        /// There are also as many of those as there may be.
        case refused
    }

    /// Counts a connection in, unless it is refused.
    func admitConnection() -> Admission {
        if connections.add(1, ordering: .relaxed).oldValue < settings.maxConnections { return .admitted }
        connections.subtract(1, ordering: .relaxed)
        if surplus.add(1, ordering: .relaxed).oldValue < Self.surplusBound { return .surplus }
        surplus.subtract(1, ordering: .relaxed)
        return .refused
    }

    /// One that was counted in has ended.
    func connectionEnded(_ admission: Admission) {
        switch admission {
        case .admitted: connections.subtract(1, ordering: .relaxed)
        case .surplus: surplus.subtract(1, ordering: .relaxed)
        case .refused: break
        }
    }

    /// - Returns: false where as many are drained as may be.
    func beginDrain(atMost bound: Int) -> Bool {
        if drains.add(1, ordering: .relaxed).oldValue < bound { return true }
        endDrain()
        return false
    }

    func endDrain() { drains.subtract(1, ordering: .relaxed) }

    /// Whether there is so little room that connections should not be kept for
    /// requests that may come: an answer is their last then.
    var isCrowded: Bool {
        let most = settings.maxConnections
        return most >= 10 && connections.load(ordering: .relaxed) > most - most / 10
    }

    /// Somebody administers.
    func visited(by who: String, from address: String, at now: Int64) {
        visits.withLockedValue { $0.note(.init(who, from: AddressPrefix(address)), at: now) }
    }

    /// Who has begun to, since the last time.
    func takeVisits() -> [AdminVisits.Visit] { visits.withLockedValue { $0.takeBegun() } }

    /// Counts a caller that was not let in.
    ///
    /// - Returns: how many milliseconds it is to stay away, if it is.
    func refused(_ address: String, _ reason: FailedAdmissions.Reason, at now: Int64) -> Int64? {
        failures.withLockedValue { $0.note(AddressPrefix(address), reason, at: now) }
    }

    /// Counts a call of administration.
    ///
    /// - Returns: how many milliseconds its sender is to stay away, if it is.
    func managed(by address: String, at now: Int64) -> Int64? {
        management.withLockedValue { $0.note(AddressPrefix(address), at: now) }
    }

    /// The same for a try to register.
    func registering(from address: String, at now: Int64) -> Int64? {
        registrations.withLockedValue { $0.note(AddressPrefix(address), at: now) }
    }

    /// Who was not let in, at most once a minute.
    ///
    /// - Parameter early: also in the middle of one.
    func failureReport(early: Bool) -> FailedAdmissions.Report? {
        failures.withLockedValue { $0.report(at: SystemClock.monotonic(), early: early) }
    }
}

/// Where the data path leaves what must outlive it. Called on event loops:
/// must never block.
protocol RequestSink: Sendable {
    func submit(_ batch: RecordBatch)
    /// Lines of the ledger: whoever waits on that loop is to be told when
    /// those up to the number are on disk.
    func post(_ postings: [Posting], of loop: Int, through ticket: UInt64)
    /// Authentication and other failures that deserve a log line.
    func note(_ line: ProxyNote)
}

/// Something the operator should be able to see in the log.
struct ProxyNote: Sendable {
    var message: String
    var request: RequestID?
    var fields: [String: String]
}
