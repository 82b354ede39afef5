internal import GRDB
import Glibc
import ORKit

/// The one writer: a thread of its own that commits everything waiting in one
/// transaction, so that one sync of the disk serves many.
///
/// Event loops and tasks only queue. Control transactions are answered after
/// their commit; records, facts and transitions are nobody's wait and may
/// gather for a moment.
final class Journal: @unchecked Sendable {
    /// What the daemon wants to hear from the journal. Called on the writer's
    /// thread: must not block.
    struct Observer: Sendable {
        /// `storage-unavailable` and `journal-behind` begin (true) and end.
        var onCondition: @Sendable (ErrorCode, Bool) -> Void = { _, _ in }
        /// What readers of events wait for may be on disk now.
        var onEvents: @Sendable () -> Void = {}
        /// A sync failed (ruling 27): stop, let the supervisor start anew.
        var onLostSync: @Sendable () -> Void = {}
        /// Postings are on disk: of each event loop those up to this ticket.
        var onPosted: @Sendable ([Int: UInt64]) -> Void = { _ in }
        /// They could not be written yet; they are kept, and tried again.
        var onPostsDelayed: @Sendable () -> Void = {}
        /// Nothing can be written to the disk, full or not.
        var onBrokenDisk: @Sendable () -> Void = {}
        /// A posting contradicts the ledger: a decision of ours was wrong.
        var onContradiction: @Sendable (Posting) -> Void = { _ in }
    }

    struct Statistics: Sendable, Hashable {
        /// Age of the oldest thing that is not on disk.
        var behindMilliseconds: Double = 0
        /// Records, transitions, marks and changes of capacity given up because the queue was full.
        var dropped: Int64 = 0
        var commits: Int64 = 0
        var failedCommits: Int64 = 0
        /// Request records written, and the packed rows that hold them.
        var records: Int64 = 0
        var recordRows: Int64 = 0
        /// Postings written, and the commits that wrote some.
        var postings: Int64 = 0
        var postingCommits: Int64 = 0
    }

    /// Records that may wait; more are dropped and counted (ruling 47).
    static let capacity = 100_000
    /// How long facts and transitions may wait for company, nanoseconds.
    static let gathering: Int64 = 20_000_000
    /// The same for records: nobody decides anything by them.
    static let recordGathering: Int64 = 25_000_000
    /// Who has lines on their way gets no commit of other things in between
    /// that these would wait for: so long those are kept for a line's
    /// company, nanoseconds, when the last line is not longer ago than this.
    static let lineComes: Int64 = 5_000_000
    static let recently: Int64 = 10_000_000
    /// Between two looks at a disk that was full, nanoseconds.
    static let probing: Int64 = 1_000_000_000
    /// Enough company.
    static let plenty = 4096

    /// Everything below is guarded by `monitor`.
    let monitor = Monitor()
    var intake = Intake()
    var line = Line()
    /// Postings wait until then for company: nanoseconds.
    var lineDue: Int64 = 0
    /// So many postings were written last.
    var lastCount = 0
    /// How long lines wait for company at most, where there was much:
    /// nanoseconds. Only until all are there; the sync of a commit costs as
    /// much as five requests, whoever shares it.
    var patience: Int64 = 2_000_000
    /// When the last of them were written.
    var lastLine: Int64 = 0
    var statistics = Statistics()
    var sleep = Sleep.awake
    /// The writer is at something queued at this time.
    var writingSince: Int64?
    /// After a failure: not before this time, unless somebody waits.
    var retryAt: Int64 = 0

    /// Confined to the writer's thread.
    var conditions: Set<ErrorCode> = []
    var failuresInARow = 0
    var droppedSeen: Int64 = 0
    /// Nil: to be read from the database.
    var ledger: LedgerEnd?
    /// Of a commit that failed: it may have happened after all.
    var doubt: Doubt?
    /// How much of the use of limits is in rows of the ledger alone.
    var limitRows = LimitRows.unknown
    /// Nil in memory mode.
    let ballast: Ballast?
    /// The same.
    let log: WriteAheadLog?

    /// Asked by the writer for what is new in the use of limits. Guarded by
    /// `monitor`.
    var limitNews: @Sendable (_ isWhole: Bool) -> LimitNews = { _ in LimitNews() }
    /// The same of budgets.
    var budgetNews: @Sendable () -> BudgetNews = { BudgetNews() }
    /// How many requests may soon bring a posting.
    var underWay: @Sendable () -> Int = { 0 }

    let writer: any DatabaseWriter
    let observer: Observer
    let clock: @Sendable () -> WallTime
    private var thread: pthread_t?

    enum Sleep {
        case awake
        /// Until something comes.
        case idle
        /// Until there is plenty or the time is up.
        case gathering
    }

    /// A row of the ledger that may or may not be there.
    struct Doubt {
        /// By which it is known.
        var link: LedgerLink
        /// So many of the postings that are to be written are in it.
        var count: Int
    }

    /// What waits for the next commit.
    struct Intake {
        var changes: [any PendingChange] = []
        var facts: [KeyID: KeyFacts] = [:]
        /// Of keys that had none.
        var accounts: [KeyID: (name: String, at: WallTime)] = [:]
        var transitions: [Transition] = []
        var marks: [MarkedKey] = []
        var uses: [KeyID: QuotaUse] = [:]
        /// By rule.
        var limits: [KeyID: [String: UpstreamLimit]] = [:]
        var capacities: [(key: KeyID, change: CapacityChange)] = []
        var notes: [EventNote] = []
        /// Of a commit that failed.
        var limitNews = LimitNews()
        var budgetNews = BudgetNews()
        /// There is more of them to be had.
        var limitsStir = false
        var records = RecordQueue()
        /// When the first of them came.
        var since: Int64?
        /// Empty the write-ahead log afterwards: it still holds what was
        /// deleted (`reliability.md` B4-38).
        var truncate = false
        /// Nothing waits; see whether the disk can be written again.
        var probes = false
        var closing = false

        /// Nothing waits but records.
        var isPatient: Bool {
            facts.isEmpty && uses.isEmpty && limits.isEmpty && accounts.isEmpty && transitions.isEmpty
                && marks.isEmpty && capacities.isEmpty && notes.isEmpty && !limitsStir && !truncate
        }

        /// What is to be written with the very next commit, whatever that is: all
        /// that stirred until now, and what an older one could not write.
        mutating func takeNews() -> (LimitNews, BudgetNews) {
            defer {
                (limitNews, budgetNews, limitsStir) = (LimitNews(), BudgetNews(), false)
                if isEmpty { since = nil }
            }
            return (limitNews, budgetNews)
        }

        /// Whether a reader of events has something new to see.
        var holdsEvents: Bool {
            !changes.isEmpty || !accounts.isEmpty || !transitions.isEmpty || !marks.isEmpty
                || !capacities.isEmpty || !notes.isEmpty || !budgetNews.warnings.isEmpty
        }

        var isEmpty: Bool {
            isPatient && changes.isEmpty && records.isEmpty
        }
    }

    /// Lines of the ledger that wait for the next commit.
    struct Line {
        var postings: [Posting] = []
        /// By event loop, of the last of its postings.
        var tickets: [Int: UInt64] = [:]

        var isEmpty: Bool { postings.isEmpty }

        /// Those that could not be written come before those that came since.
        mutating func putBack(_ older: Line) {
            postings = older.postings + postings
            tickets.merge(older.tickets) { newer, _ in newer }
        }
    }

    /// - Parameter clock: the time that rows of the ledger carry.
    init(
        writer: any DatabaseWriter, ballast: Ballast? = nil, log: WriteAheadLog? = nil, observer: Observer,
        clock: @escaping @Sendable () -> WallTime = { SystemClock.now().wall }
    ) {
        self.clock = clock
        self.writer = writer
        self.ballast = ballast
        self.log = log
        self.observer = observer
        // Without it a full disk is only noticed later.
        _ = ballast?.take()
    }

    /// Starts the writer's thread; it lives until `close`.
    func start() throws {
        var thread = pthread_t()
        let journal = Unmanaged.passRetained(self)
        let failure = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Journal>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, journal.toOpaque())
        guard failure == 0 else {
            journal.release()
            throw CodedError(
                .internalError, "cannot start the writer's thread: \(String(cString: strerror(failure)))")
        }
        self.thread = thread
    }

    /// Writes what is queued and ends the thread. Blocks; later changes fail.
    func close() {
        monitor.withLock {
            intake.closing = true
            monitor.signal()
        }
        if let thread { pthread_join(thread, nil) }
        thread = nil
    }

    /// Runs a change in a savepoint of the next commit and returns its answer
    /// once it is on disk. A throwing body leaves nothing behind.
    ///
    /// - Parameter dryRun: roll the savepoint back and answer all the same.
    /// - Throws: what the body threw, or `storage-unavailable`.
    func transact<Answer: Sendable>(
        dryRun: Bool = false, _ body: @escaping @Sendable (Database) throws -> Answer
    ) async throws -> Answer {
        try await transact(dryRun: dryRun, posting: { db, _ in try body(db) })
    }

    /// The same for a change that moves credits: what it posts is in the
    /// ledger with the same commit, or nothing of it is.
    func transact<Answer: Sendable>(
        dryRun: Bool = false,
        posting body: @escaping @Sendable (Database, inout [Posting]) throws -> Answer
    ) async throws -> Answer {
        do {
            return try await withCheckedThrowingContinuation { waiting in
                let change = QueuedChange(dryRun: dryRun, waiting: waiting, body: body)
                let accepted = monitor.withLock {
                    guard !intake.closing else { return false }
                    intake.changes.append(change)
                    stamp()
                    if sleep != .awake { monitor.signal() }
                    return true
                }
                if !accepted { change.finish(CodedError(.draining, "the daemon is stopping")) }
            }
        } catch let error as DatabaseError {
            throw error.coded
        }
    }

    /// The newest facts of a key, to be on disk soon.
    func keep(_ key: KeyID, _ facts: KeyFacts) {
        monitor.withLock {
            intake.facts[key] = facts
            arrived()
        }
    }

    func keep(_ transition: Transition) {
        monitor.withLock {
            append(transition, to: \.transitions)
            arrived()
        }
    }

    /// What belongs to no other table; few, so none is ever dropped.
    func keep(_ note: EventNote) {
        monitor.withLock {
            intake.notes.append(note)
            arrived()
        }
    }

    /// What the engine wants kept.
    ///
    /// - Parameter request: the request whose answer brought it about.
    func carryOut(_ effects: [Effect], of request: RequestID? = nil) {
        guard !effects.isEmpty else { return }
        monitor.withLock {
            for effect in effects {
                switch effect {
                case .keepFacts(let key, let facts): intake.facts[key] = facts
                case .keepAccount(let key, let name, let at): intake.accounts[key] = (name, at)
                case .transition(var transition):
                    transition.request = transition.request ?? request
                    append(transition, to: \.transitions)
                case .marked(let key, let mark, let at):
                    append(MarkedKey(key: key, mark: mark, at: at, request: request), to: \.marks)
                case .keepUse(let key, let use): intake.uses[key] = use
                case .keepLimit(let key, let limit): intake.limits[key, default: [:]][limit.rule] = limit
                case .capacity(let key, let change): append((key, change), to: \.capacities)
                }
            }
            arrived()
        }
    }

    /// Queues finished requests. Never blocks for the disk.
    func submit(_ batch: RecordBatch) {
        guard batch.count > 0 else { return }
        monitor.withLock {
            statistics.dropped += Int64(intake.records.append(batch, atMost: Self.capacity))
            arrived()
        }
    }

    /// Queues lines of the ledger; somebody waits for each of them.
    ///
    /// - Parameters:
    ///   - loop: the event loop that waits.
    ///   - ticket: its number for the last of them.
    func post(_ postings: [Posting], of loop: Int, through ticket: UInt64) {
        let isAwaited = monitor.withLock {
            let isFirst = line.isEmpty
            if isFirst { line.postings = postings } else { line.postings.append(contentsOf: postings) }
            line.tickets[loop] = ticket
            return switch sleep {
            case .awake: false
            case .idle: isFirst
            case .gathering: isLineComplete || isFirst && lineDue <= Monitor.now
            }
        }
        // Woken inside, the writer would only wait for the lock.
        if isAwaited { monitor.signal() }
    }

    /// There is something new in the use of limits or budgets, to be on disk
    /// soon.
    func stirLimits() {
        monitor.withLock {
            intake.limitsStir = true
            arrived()
        }
    }

    /// Whom to ask for it.
    func watchLimits(_ news: @escaping @Sendable (_ isWhole: Bool) -> LimitNews) {
        monitor.withLock { limitNews = news }
    }

    func watchBudgets(_ news: @escaping @Sendable () -> BudgetNews) {
        monitor.withLock { budgetNews = news }
    }

    /// Whom to ask how many requests may soon bring a posting. Asked under the
    /// lock: must not come back here.
    func watchTraffic(_ underWay: @escaping @Sendable () -> Int) {
        monitor.withLock { self.underWay = underWay }
    }

    /// Nobody is expected who is not there: as many as last time have come, and
    /// of the requests under way each has. Under `monitor`.
    var isLineComplete: Bool { line.postings.count >= lastCount && line.postings.count >= underWay() }

    /// Empties the write-ahead log soon, because something secret was removed.
    func truncateLog() {
        monitor.withLock {
            intake.truncate = true
            arrived()
        }
    }

    func report() -> Statistics {
        monitor.withLock {
            var report = statistics
            if let since = writingSince ?? intake.since {
                report.behindMilliseconds = Double(max(0, Monitor.now - since)) / 1_000_000
            }
            return report
        }
    }

    /// Of these so many may wait; more are dropped and counted.
    private func append<Item>(_ item: Item, to queue: WritableKeyPath<Intake, [Item]>) {
        guard intake[keyPath: queue].count < Self.capacity else {
            statistics.dropped += 1
            return
        }
        intake[keyPath: queue].append(item)
    }

    private func stamp() { if intake.since == nil { intake.since = Monitor.now } }

    /// Wakes the writer only when it sleeps without a date, or need not wait
    /// for more.
    private func arrived() {
        stamp()
        switch sleep {
        case .awake: break
        case .idle: monitor.signal()
        case .gathering: if intake.records.count >= Self.plenty || !intake.isPatient { monitor.signal() }
        }
    }
}
